package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.auth.Access;
import io.termbus.auth.AdminToken;
import io.termbus.auth.HomeDirectory;
import io.termbus.auth.Shares;
import io.termbus.cluster.ClusterNode;
import io.termbus.cluster.ClusterVerticles;
import io.termbus.config.ClusterConfig;
import io.termbus.config.ConfigLoader;
import io.termbus.config.HubConfig;
import io.termbus.config.TlsConfig;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How events and warnings go from a hub to another node of its cluster, in one process. Listeners are registered in the
 * cluster, so they would get what a hub does not keep on its own node.
 */
@Timeout(180)
class ClusterEventsTest {
    private static final int SECONDS = 60;
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    /** The last one of a node: what it published before has come, too. */
    private static final JsonObject LAST = new JsonObject().put("event", "last");

    @TempDir
    Path home;

    private final List<ClusterNode> members = new ArrayList<>();

    private @Nullable Hub hub;

    /** What came to a node. */
    private record Heard(String event, String node) {}

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    @BeforeEach
    void start() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        for (String name : List.of("here", "there")) {
            ClusterConfig settings = new ClusterConfig(
                    Optional.empty(),
                    "test-" + home.getFileName(),
                    "127.0.0.1",
                    port,
                    0,
                    Optional.empty(),
                    List.of("127.0.0.1:" + port),
                    TlsConfig.NONE);
            members.add(
                    await(ClusterNode.join(Vertx.builder(), new VertxOptions(), settings, name, "print of the token")));
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (hub != null) {
            await(hub.close());
        }
        for (ClusterNode each : members) {
            await(each.vertx().close());
        }
    }

    private Hub startHub(ClusterNode node) throws Exception {
        HubConfig config = new ConfigLoader(home, home, Map.of())
                .load(
                        Optional.empty(),
                        List.of(
                                "home=" + home.resolve("home"),
                                "http.port=0",
                                "tcp.port=0",
                                "auth.token=a-token-of-16-characters"))
                .config();
        HomeDirectory.prepare(config.home());
        Access access = new Access(AdminToken.of(config), Shares.of(node.vertx(), config.home()));
        return await(
                Hub.start(node.vertx(), config, access, "test", Optional.of(node), Optional.empty(), Optional.empty()));
    }

    private static BlockingQueue<Heard> listen(ClusterNode node, String topic) throws Exception {
        BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
        await(node.vertx()
                .eventBus()
                .<JsonObject>consumer(topic, message -> heard.add(heard(message)))
                .completion());
        return heard;
    }

    private static Heard heard(Message<JsonObject> message) {
        return new Heard(
                message.body().getString("event"),
                Optional.ofNullable(message.headers().get(Headers.NODE)).orElse(""));
    }

    /** What comes from now on, up to the last one of {@code node}. */
    private static List<Heard> upToLast(BlockingQueue<Heard> heard, String node) throws InterruptedException {
        List<Heard> all = new ArrayList<>();
        Heard last = new Heard("last", node);
        while (!all.contains(last)) {
            Heard next = heard.poll(SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("after %s", all).isNotNull();
            all.add(next);
        }
        all.remove(last);
        return all;
    }

    private JsonObject ask(String address, String action, JsonObject body) throws Exception {
        DeliveryOptions options = new DeliveryOptions(LOCAL)
                .addHeader(Headers.ACTION, action)
                .addHeader(Headers.CONNECTION, "connection");
        EventBus bus = members.get(0).vertx().eventBus();
        return await(bus.<JsonObject>request(address, body, options).map(Message::body));
    }

    @Test
    void theyGoToOtherNodesByTheRelayAloneAndOnce() throws Exception {
        ClusterNode here = members.get(0);
        ClusterNode there = members.get(1);
        BlockingQueue<Heard> eventsThere = listen(there, Addresses.EVENTS);
        BlockingQueue<Heard> warningsThere = listen(there, Addresses.WARNINGS);
        BlockingQueue<Heard> eventsHere = listen(here, Addresses.EVENTS);
        await(ClusterVerticles.deploy(there));
        hub = startHub(here);

        JsonObject node = new JsonObject().put("node", "here").put("command", List.of("cat"));
        String session = ask(Addresses.HUB, "create", node).getString("id");
        String subscriber = ask(Addresses.FLOW, "attach", new JsonObject().put("session", session))
                .getString("subscriber");
        ask(Addresses.FLOW, "disconnect", new JsonObject().put("subscriber", subscriber));
        for (String topic : List.of(Addresses.EVENTS, Addresses.WARNINGS)) {
            here.vertx().eventBus().publish(topic, LAST, LOCAL);
        }

        assertThat(upToLast(eventsThere, "here"))
                .containsExactly(
                        new Heard("session.created", "here"),
                        new Heard("subscriber.attached", "here"),
                        new Heard("subscriber.detached", "here"));
        assertThat(upToLast(warningsThere, "here")).containsExactly(new Heard("disconnected", "here"));
        // and nothing comes back
        there.vertx().eventBus().publish(Addresses.EVENTS, LAST, LOCAL);
        assertThat(upToLast(eventsHere, "there"))
                .containsExactly(
                        new Heard("session.created", ""),
                        new Heard("subscriber.attached", ""),
                        new Heard("subscriber.detached", ""),
                        new Heard("last", ""));
    }
}
