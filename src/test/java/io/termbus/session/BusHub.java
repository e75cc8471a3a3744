package io.termbus.session;

import io.termbus.config.FlowConfig;
import io.termbus.config.SessionConfig;
import io.termbus.config.TestConfig;
import io.termbus.flow.FlowControlVerticle;
import io.termbus.loop.Loops;
import io.termbus.metrics.Meters;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.Headers;
import io.termbus.protocol.LocalCodec;
import io.termbus.protocol.Nodes;
import io.termbus.pty.PtyBackend;
import io.termbus.pty.PtyBackends;
import io.termbus.pty.PtySettings;
import io.termbus.record.RecordingFiles;
import io.termbus.record.RecordingsVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Sessions and flow control on a bus of their own, without bridges. */
final class BusHub implements AutoCloseable {
    private static final Nodes NODES = Nodes.alone("here");
    static final FlowShards SHARDS = new FlowShards(3);
    static final Duration LIMIT = Duration.ofSeconds(20);

    final Vertx vertx = Vertx.vertx();
    private final PtyBackend backend;

    BusHub(SessionConfig session, FlowConfig flow) {
        this(session, flow, Optional.empty());
    }

    /** @param shellFiles where it may have files for shells */
    BusHub(SessionConfig session, FlowConfig flow, Optional<Path> shellFiles) {
        this(
                session,
                flow,
                shellFiles,
                new RecordingFiles(Path.of("none"), TestConfig.of().record(), InstantSource.system()));
    }

    /** One that records. */
    BusHub(RecordingFiles recordings) {
        this(sessions(64, Duration.ofSeconds(60)), flow(), Optional.empty(), recordings);
    }

    private BusHub(SessionConfig session, FlowConfig flow, Optional<Path> shellFiles, RecordingFiles recordings) {
        LocalCodec.register(vertx);
        backend = PtyBackends.open(
                new PtySettings(session.inputQueueBytes(), session.killGrace(), session.exitGrace(), false));
        await(vertx.deployVerticle(new RecordingsVerticle(recordings)));
        for (int i = 0; i < SHARDS.count(); i++) {
            await(vertx.deployVerticle(new FlowControlVerticle(NODES, i, SHARDS, flow, 1024, recordings, Meters.OFF)));
        }
        await(vertx.deployVerticle(new HubVerticle(
                NODES,
                "1",
                session,
                recordings.settings(),
                backend,
                Loops.of(vertx),
                SHARDS,
                System.getenv(),
                shellFiles,
                Meters.OFF)));
    }

    BusHub() {
        this(sessions(64, Duration.ofSeconds(60)), flow());
    }

    static SessionConfig sessions(int max, Duration retention) {
        SessionConfig rest = TestConfig.of(
                        "session.max=" + max,
                        "session.scrollbackLines=1000",
                        "session.killGraceMs=500",
                        "session.exitGraceMs=500")
                .session();
        return new SessionConfig(
                rest.max(),
                rest.maxPerUser(),
                rest.maxSubscribers(),
                rest.scrollbackLines(),
                rest.stateBytes(),
                rest.inputQueueBytes(),
                retention,
                rest.killGrace(),
                rest.exitGrace(),
                rest.checksums(),
                rest.child());
    }

    static FlowConfig flow() {
        return TestConfig.of().flow();
    }

    Future<JsonObject> ask(String address, String action, JsonObject body) {
        DeliveryOptions options = new DeliveryOptions()
                .addHeader(Headers.ACTION, action)
                .addHeader(Headers.CONNECTION, "test")
                .setSendTimeout(LIMIT.toMillis());
        return vertx.eventBus().<JsonObject>request(address, body, options).map(Message::body);
    }

    JsonObject call(String address, String action, JsonObject body) {
        return await(ask(address, action, body));
    }

    /** Creates a session that runs a shell script. */
    String sh(String script) {
        return create(new JsonObject().put("command", new JsonArray(List.of("sh", "-c", script))))
                .getString("id");
    }

    JsonObject create(JsonObject body) {
        return call(Addresses.HUB, "create", body);
    }

    Viewer attach(String session, JsonObject more) {
        JsonObject reply = call(Addresses.FLOW, "attach", more.copy().put("session", session));
        return new Viewer(reply);
    }

    Viewer attach(String session) {
        return attach(session, new JsonObject());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("not done within " + LIMIT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void until(BooleanSupplier state) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(state::getAsBoolean);
    }

    @Override
    public void close() {
        try {
            await(HubVerticle.drain(vertx, Duration.ofSeconds(10)));
        } finally {
            await(vertx.close());
            backend.close();
        }
    }

    /** Listens to one subscriber's address and acks what comes. */
    final class Viewer {
        final JsonObject attached;
        final String subscriber;
        private final List<Delivery> deliveries = new ArrayList<>();
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();

        private Viewer(JsonObject attached) {
            this.attached = attached;
            this.subscriber = attached.getString("subscriber");
            String owner = SHARDS.addressOfSubscriber(subscriber).orElseThrow();
            vertx.eventBus().<Delivery>localConsumer(Addresses.out(subscriber), this::received);
            vertx.eventBus().send(owner, new FlowMessage.Listening(subscriber));
        }

        private synchronized void received(Message<Delivery> message) {
            deliveries.add(message.body());
            if (message.body() instanceof Delivery.Counted counted) {
                if (counted.kind() == Delivery.Kind.OUTPUT) {
                    output.writeBytes(counted.payload().bytes());
                }
                vertx.eventBus()
                        .send(
                                Addresses.FLOW,
                                new JsonObject().put("subscriber", subscriber).put("seq", counted.seq()),
                                new DeliveryOptions().addHeader(Headers.ACTION, "ack"));
            }
        }

        synchronized List<Delivery> deliveries() {
            return List.copyOf(deliveries);
        }

        synchronized byte[] output() {
            return output.toByteArray();
        }

        /** Output and the text of snapshots, as one string. */
        synchronized String text() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            deliveries.stream()
                    .filter(Delivery.Counted.class::isInstance)
                    .forEach(each ->
                            all.writeBytes(((Delivery.Counted) each).payload().bytes()));
            return all.toString(StandardCharsets.UTF_8);
        }

        List<JsonObject> notices(Delivery.Kind kind) {
            return deliveries().stream()
                    .filter(each -> each.kind() == kind)
                    .map(each -> ((Delivery.Notice) each).body())
                    .toList();
        }

        void untilText(String wanted) {
            until(() -> text().contains(wanted));
        }

        JsonObject untilExit() {
            until(() -> !notices(Delivery.Kind.EXIT).isEmpty());
            return notices(Delivery.Kind.EXIT).get(0);
        }
    }
}
