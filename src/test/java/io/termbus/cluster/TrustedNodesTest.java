package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.hazelcast.config.Config;
import io.termbus.config.Cluster;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node is told of a member with another admin token, and of itself. Without an event bus between them. */
@Timeout(180)
class TrustedNodesTest {
    private static final int SECONDS = 60;
    private static final Vertx VERTX = Vertx.vertx();
    private static final BlockingQueue<RegistrationUpdateEvent> UPDATES = new LinkedBlockingQueue<>();

    private static TrustedNodes here;
    private static TrustedNodes stranger;

    @BeforeAll
    static void start() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Cluster settings = new Cluster(
                Optional.empty(),
                "test-" + UUID.randomUUID(),
                "127.0.0.1",
                port,
                0,
                Optional.empty(),
                List.of("127.0.0.1:" + port),
                Cluster.DEFAULTS.tls());
        here = join(settings, "here", new RegistrationListener() {
            @Override
            public void registrationsUpdated(RegistrationUpdateEvent event) {
                UPDATES.add(event);
            }
        });
        stranger = join(settings, "stranger", new RegistrationListener() {});
        assertThat(here.getNodes()).containsExactly(here.getNodeId(), stranger.getNodeId());
    }

    private static TrustedNodes join(Cluster settings, String name, RegistrationListener listener) throws Exception {
        String tokenPrint = "print of the token of " + name;
        Config config = ClusterFiles.read(settings);
        config.getMemberAttributeConfig().setAttribute(Membership.NAME_ATTRIBUTE, name);
        config.getMemberAttributeConfig().setAttribute(Membership.TOKEN_ATTRIBUTE, tokenPrint);
        TrustedNodes joining = new TrustedNodes(config, tokenPrint);
        joining.init(VERTX);
        joining.registrationListener(listener);
        TrustedNodesTest.<Void>await(joining::join);
        NodeInfo info = new NodeInfo("127.0.0.1", 1, TrustedNodes.metadata(name, tokenPrint));
        TrustedNodesTest.<Void>await(promise -> joining.setNodeInfo(info, promise));
        return joining;
    }

    @AfterAll
    static void stop() throws Exception {
        TrustedNodesTest.<Void>await(stranger::leave);
        TrustedNodesTest.<Void>await(here::leave);
        await(VERTX.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    private static <T> T await(Consumer<Completable<T>> question) throws Exception {
        Promise<T> promise = Promise.promise();
        question.accept(promise);
        return await(promise.future());
    }

    private static <T> void assertRefused(Consumer<Completable<T>> question) {
        ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> await(question));
        assertThat(failure)
                .cause()
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        refusal -> assertThat(refusal.failureCode()).isEqualTo(503))
                .hasMessageContaining("stranger has another admin token");
    }

    private static RegistrationInfo register(TrustedNodes node, String address) throws Exception {
        RegistrationInfo registration = new RegistrationInfo(node.getNodeId(), 1, false);
        TrustedNodesTest.<Void>await(promise -> node.addRegistration(address, registration, promise));
        return registration;
    }

    @Test
    void whereAStrangerListensIsNotTold() throws Exception {
        assertThat(TrustedNodesTest.<NodeInfo>await(promise -> here.getNodeInfo(here.getNodeId(), promise))
                        .port())
                .isEqualTo(1);
        TrustedNodesTest.<NodeInfo>assertRefused(promise -> here.getNodeInfo(stranger.getNodeId(), promise));
    }

    @Test
    void anAddressThatStrangersAloneHaveIsRefused() throws Exception {
        register(stranger, "theirs");

        TrustedNodesTest.<List<RegistrationInfo>>assertRefused(promise -> here.getRegistrations("theirs", promise));

        RegistrationInfo own = register(here, "theirs");
        assertThat(TrustedNodesTest.<List<RegistrationInfo>>await(promise -> here.getRegistrations("theirs", promise)))
                .containsExactly(own);
    }

    private static RegistrationUpdateEvent nextUpdate(String address) throws InterruptedException {
        while (true) {
            RegistrationUpdateEvent next = UPDATES.poll(SECONDS, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            if (next.address().equals(address)) {
                return next;
            }
        }
    }

    @Test
    void updatesLackWhatStrangersRegister() throws Exception {
        register(stranger, "both");
        assertThat(nextUpdate("both").registrations()).isEmpty();

        RegistrationInfo own = register(here, "both");
        assertThat(nextUpdate("both").registrations()).containsExactly(own);
    }
}
