package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.config.TestConfig;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster whose nodes are found by Vert.x' manager for Infinispan, through the SPI that all of its managers have. */
@Timeout(300)
class OtherManagerTest {
    private static final int SECONDS = 120;

    private final List<ClusterNode> nodes = new ArrayList<>();

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        for (ClusterNode each : nodes) {
            await(each.vertx().close());
        }
    }

    @BeforeAll
    static void onTheLoopbackAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            System.setProperty("termbus.test.port", Integer.toString(Math.min(socket.getLocalPort(), 65_000)));
        }
        System.setProperty("vertx.jgroups.config", "jgroups-loopback.xml");
    }

    private ClusterNode join(String name, String token) throws Exception {
        ClusterNode node = await(ClusterNode.join(
                Vertx.builder(),
                new VertxOptions(),
                TestConfig.of().cluster(),
                name,
                token,
                vertx -> new VertxMembership(vertx, InfinispanClusterManager::new)));
        nodes.add(node);
        return node;
    }

    private static void await(ClusterNode node, List<String> names) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(SECONDS))
                .until(() -> node.names().size() == names.size() && node.names().containsAll(names));
    }

    @Test
    void nodesFindEachOtherAskEachOtherAndNoticeWhoLeaves() throws Exception {
        ClusterNode one = join("node-aaaaaaaa", "print");
        ClusterNode two = join("node-bbbbbbbb", "print");
        List<String> both = List.of("node-aaaaaaaa", "node-bbbbbbbb");
        await(one, both);
        await(two, both);

        await(two.vertx()
                .eventBus()
                .consumer(Addresses.nodeHub("node-bbbbbbbb"), message -> message.reply(new JsonObject().put("of", 2)))
                .completion());
        DeliveryOptions list = new DeliveryOptions().addHeader(Headers.ACTION, "list");
        JsonObject answer = await(one.vertx()
                .eventBus()
                .<JsonObject>request(Addresses.nodeHub("node-bbbbbbbb"), new JsonObject(), list)
                .map(message -> message.body()));
        assertThat(answer.getInteger("of")).isEqualTo(2);

        await(two.vertx().close());
        nodes.remove(two);

        await(one, List.of("node-aaaaaaaa"));
    }
}
