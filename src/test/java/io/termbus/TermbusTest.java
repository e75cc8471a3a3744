package io.termbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hub as a part of a program, seen by that program. */
@Timeout(120)
class TermbusTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path home;

    private Vertx vertx;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void end() throws Exception {
        await(vertx.close());
    }

    @Test
    void hubsOfOneVertxDoNotMeet() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        for (String address : List.of("termbus.events", "other.events")) {
            vertx.eventBus().<JsonObject>localConsumer(address, event -> {
                if ("session.exited".equals(event.body().getString("event"))) {
                    heard.add(address + " " + event.body().getString("session"));
                }
            });
        }
        Termbus one = started(options());
        Termbus other = started(options().setAddressPrefix("other"));
        TermbusSession ofOne = await(one.create(new SessionOptions().setCommand("sh", "-c", "read x; exit 1")));
        TermbusSession ofOther = await(other.create(new SessionOptions().setCommand("sh", "-c", "read x; exit 2")));

        assertThat(ids(one)).containsExactly(ofOne.id());
        assertThat(ids(other)).containsExactly(ofOther.id());
        assertRefused(404, one.session(ofOther.id()));
        assertRefused(404, other.attach(ofOne.id(), new AttachOptions()));

        Recorder recorder = new Recorder(await(one.attach(ofOne.id(), new AttachOptions())));
        await(ofOne.input(Buffer.buffer("\n")));
        recorder.untilEnd();
        await(ofOther.input(Buffer.buffer("\n")));
        until(() -> heard.size() == 2);
        assertThat(heard).containsExactly("termbus.events " + ofOne.id(), "other.events " + ofOther.id());

        await(one.close());
        assertThat(ids(other)).containsExactly(ofOther.id());
        await(other.close());
    }

    @Test
    void hubsOfOneVertxHavePortsOfTheirOwn() throws Exception {
        TermbusOptions listening = options().set("http.port", 0).set("tcp.port", 0);
        Termbus one = started(listening);
        Termbus other = started(new TermbusOptions(listening.toJson()).setAddressPrefix("other"));

        assertThat(Set.of(one.httpPort(), one.tcpPort(), other.httpPort(), other.tcpPort()))
                .hasSize(4)
                .doesNotContain(0);
        await(Future.all(one.close(), other.close()));
    }

    @Test
    void listensNowhereUnlessTold() throws Exception {
        Termbus hub = started(options());

        assertThat(hub.httpPort()).isZero();
        assertThat(hub.tcpPort()).isZero();
        await(hub.close());
    }

    @Test
    void optionsAreJsonOfTheKeysOfTheSettings() {
        JsonObject json = new JsonObject()
                .put("addressPrefix", "shop.terminals")
                .put("session", new JsonObject().put("max", 3))
                .put("flow.autoDisconnect", true);

        assertThat(new TermbusOptions(json).toJson()).isEqualTo(json);
        assertThat(new TermbusOptions().set("flow.autoDisconnect", true).toJson())
                .isEqualTo(new JsonObject().put("flow.autoDisconnect", true));
        assertThat(new TermbusOptions().set("auth.token", "a-secret")).hasToString("TermbusOptions[auth.token]");
    }

    @Test
    void wrongOptionsAreToldTogetherInTheWordsOfTheSettings() {
        TermbusOptions wrong = new TermbusOptions(new JsonObject()
                .put("session", new JsonObject().put("max", 0).put("maks", 2))
                .put("flow", 3)
                .put("tcp.socket", "/tmp/socket")
                .put("cluster.name", "mine")
                .put("auth.token", "has a blank"));

        assertThatThrownBy(() -> Termbus.create(vertx, wrong.setAddressPrefix("no spaces")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("session.max = 0 (options): allowed is a whole number from 1 to 4096")
                .hasMessageContaining("session.maks = 2 (options): unknown key, the nearest known is session.max")
                .hasMessageContaining("flow (options): is a group, allowed are keys below it, not a value")
                .hasMessageContaining("tcp.socket (options): allowed is together with tcp.port")
                .hasMessageContaining("cluster.name = mine (options): allowed is nothing, it is for a hub that has the")
                .hasMessageContaining("auth.token = *** (options): allowed is 1 to 1024 printable ASCII characters")
                .hasMessageContaining("addressPrefix = no spaces (options): allowed is a name such as shop.terminals");
    }

    @Test
    void nothingIsLeftOfAHubThatWasClosed() throws Exception {
        Termbus hub = started(options().set("http.port", 0));
        TermbusSession session = await(hub.create(new SessionOptions().setCommand("cat")));
        Recorder recorder = new Recorder(await(hub.attach(session.id(), new AttachOptions())));
        await(session.input(Buffer.buffer("x\n")));
        recorder.untilText("x");

        await(hub.close());
        await(hub.close());

        recorder.untilEnd();
        assertThat(recorder.notices).contains("disconnected");
        assertThat(vertx.deploymentIDs()).isEmpty();
        assertRefused(503, hub.create(new SessionOptions()));
        Termbus next = started(options());
        assertThat(ids(next)).isEmpty();
        await(next.close());
    }

    @Test
    void nothingIsLeftOfAHubThatCannotStart() throws Exception {
        NetServer taken =
                await(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"));
        Vertx second = Vertx.vertx();
        Termbus hub = Termbus.create(second, options().set("tcp.port", taken.actualPort()))
                .authenticator(credentials -> Future.succeededFuture(Grant.of("anna", Grant.Role.ADMIN)));

        assertThatThrownBy(() -> await(hub.start())).hasRootCauseInstanceOf(java.net.BindException.class);

        assertThat(second.deploymentIDs()).isEmpty();
        await(hub.close());
        await(second.close());
    }

    @Test
    void vertxThatIsClosedAloneTakesTheChildrenWithIt() throws Exception {
        Vertx other = Vertx.vertx();
        Termbus hub = Termbus.create(other, options())
                .authenticator(credentials -> Future.succeededFuture(Grant.of("anna", Grant.Role.ADMIN)));
        await(hub.start());
        TermbusSession session = await(
                hub.create(new SessionOptions().setCommand("sh", "-c", "trap '' HUP; while :; do sleep 1; done")));
        ProcessHandle child = ProcessHandle.of(session.info().getInteger("pid")).orElseThrow();

        await(other.close());

        until(() -> !child.isAlive());
    }

    @Test
    void requestsAreRefusedWithTheCodesOfTheProtocol() throws Exception {
        Termbus early = Termbus.create(vertx, options());
        assertRefused(503, early.sessions());
        Termbus hub = started(options());
        assertRefused(400, hub.create(new SessionOptions().setSize(0, 24)));
        assertRefused(404, hub.session("none"));
        TermbusSession session = await(hub.create(new SessionOptions().setCommand("cat")));
        assertRefused(400, session.request("signal", new JsonObject().put("signal", "NONE")));
        assertRefused(404, session.request("dance", new JsonObject()));
        assertRefused(400, hub.attach(session.id(), new AttachOptions(new JsonObject().put("lag", "never"))));
        await(session.request("rename", new JsonObject().put("name", "fish")));
        assertThat(await(hub.session(session.id())).info().getString("name")).isEqualTo("fish");
        await(hub.close());
    }

    @Test
    void aStreamThatIsPausedGoesRedLosesNothingAndComesBackGreen() throws Exception {
        Termbus hub = started(options().set("flow.yellow.bytes", 4096).set("flow.red.bytes", 8192));
        TermbusSession session = await(hub.create(
                new SessionOptions(new JsonObject().put("rawOutput", true).put("waitForSubscriber", true))
                        .setCommand("sh", "-c", "seq 200000; read x")));
        Recorder recorder = new Recorder(await(hub.attach(session.id(), new AttachOptions().setLossless(true))), true);

        recorder.stream.fetch(1);
        until(() -> recorder.deliveries.size() == 1);
        assertThat(recorder.deliveries.get(0)).isInstanceOf(Delivery.Snapshot.class);
        until(() -> zone(recorder).equals("red"));
        assertThat(recorder.deliveries).hasSize(1);

        recorder.stream.resume();
        StringBuilder all = new StringBuilder();
        for (int i = 1; i <= 200_000; i++) {
            all.append(i).append('\n');
        }
        until(() -> recorder.size() >= all.length());
        until(() -> recorder.zones.get(recorder.zones.size() - 1).equals("green"));
        await(session.input(Buffer.buffer("\n")));
        recorder.untilEnd();
        assertThat(recorder.zones).contains("red");
        assertThat(recorder.notices).containsExactly("exit");
        assertThat(recorder.gaps).isZero();
        assertThat(recorder.text()).startsWith(all);
        await(hub.close());
    }

    @Test
    void aHandlerThatThrowsClosesItsSubscriptionAlone() throws Exception {
        Termbus hub = started(options());
        TermbusSession session = await(hub.create(new SessionOptions().setCommand("cat")));
        Recorder sound = new Recorder(await(hub.attach(session.id(), new AttachOptions())));
        Subscription faulty = await(hub.attach(session.id(), new AttachOptions()));
        AtomicReference<Throwable> told = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        IllegalStateException fault = new IllegalStateException("a consumer with a fault");
        faulty.exceptionHandler(told::set).endHandler(end -> over.set(true)).handler(delivery -> {
            throw fault;
        });

        until(over::get);
        assertThat(told.get()).isSameAs(fault);
        until(() -> subscribers(hub, session) == 1);
        await(session.input(Buffer.buffer("still here\n")));
        sound.untilText("still here");
        await(hub.close());
    }

    @Test
    void aHubsWaitsAndLeasesAreItsOwn() throws Exception {
        Termbus hub = started(options());
        TermbusSession session = await(hub.create(new SessionOptions().setCommand("cat")));
        JsonObject never = new JsonObject()
                .put("any", new JsonArray().add(new JsonObject().put("text", "never")))
                .put("timeoutMs", 600_000);
        Future<JsonObject> wait = session.request("wait", never);
        String lease = await(session.request("lease", new JsonObject())).getString("lease");
        assertThat(await(session.request("lease", new JsonObject())).getString("lease"))
                .isEqualTo(lease);
        await(session.input(Buffer.buffer("typed\n")));

        assertThat(await(session.request("cancel", new JsonObject())).getInteger("count"))
                .isEqualTo(1);

        assertThat(await(wait).getValue("matched")).isNull();
        await(hub.close());
    }

    @Test
    void anExceptionHandlerWithAFaultKeepsNoSubscriptionOpen() throws Exception {
        Termbus hub = started(options());
        TermbusSession session = await(hub.create(new SessionOptions().setCommand("cat")));
        Subscription faulty = await(hub.attach(session.id(), new AttachOptions()));
        AtomicBoolean over = new AtomicBoolean();
        faulty.exceptionHandler(cause -> {
                    throw new IllegalStateException("a handler with a fault", cause);
                })
                .endHandler(end -> over.set(true))
                .handler(delivery -> {
                    throw new IllegalStateException("a consumer with a fault");
                });

        until(over::get);
        until(() -> subscribers(hub, session) == 0);
        await(hub.close());
    }

    @Test
    void theEndOfAVerticleClosesItsSubscriptions() throws Exception {
        Termbus hub = started(options());
        TermbusSession session = await(hub.create(new SessionOptions().setCommand("cat")));
        AtomicBoolean over = new AtomicBoolean();
        AtomicBoolean listens = new AtomicBoolean();
        String verticle = await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                return hub.attach(session.id(), new AttachOptions().setLossless(true))
                        .onSuccess(stream ->
                                stream.endHandler(end -> over.set(true)).handler(delivery -> listens.set(true)));
            }
        }));
        until(listens::get);
        assertThat(subscribers(hub, session)).isEqualTo(1);

        await(vertx.undeploy(verticle));

        until(() -> subscribers(hub, session) == 0);
        until(over::get);
        await(hub.close());
    }

    @Test
    void aSubscriptionThatIsClosedIsDetached() throws Exception {
        Termbus hub = started(options());
        TermbusSession session = await(hub.create(new SessionOptions().setCommand("cat")));
        Recorder recorder = new Recorder(await(hub.attach(session.id(), new AttachOptions())));

        await(recorder.stream.close());
        await(recorder.stream.close());

        recorder.untilEnd();
        assertRefused(404, recorder.stream.status());
        until(() -> subscribers(hub, session) == 0);
        await(hub.close());
    }

    private static int subscribers(Termbus hub, TermbusSession session) {
        return await(hub.session(session.id())).info().getInteger("subscribers");
    }

    private static String zone(Recorder recorder) {
        return await(recorder.stream.status()).getString("zone");
    }

    private TermbusOptions options() {
        return new TermbusOptions().set("home", home.resolve("home").toString());
    }

    private Termbus started(TermbusOptions options) throws Exception {
        Termbus hub = Termbus.create(vertx, options)
                .authenticator(credentials -> Future.succeededFuture(Grant.of("anna", Grant.Role.ADMIN)));
        await(hub.start());
        return hub;
    }

    private static List<String> ids(Termbus hub) throws Exception {
        return await(hub.sessions()).stream().map(TermbusSession::id).toList();
    }

    private static void assertRefused(int code, Future<?> future) {
        assertThatThrownBy(() -> await(future))
                .cause()
                .isInstanceOfSatisfying(
                        TermbusException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void until(BooleanSupplier state) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(state::getAsBoolean);
    }

    /** Takes what a subscription brings. */
    private static final class Recorder {
        final Subscription stream;
        final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
        final List<String> notices = new CopyOnWriteArrayList<>();
        final List<String> zones = new CopyOnWriteArrayList<>();
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        volatile int gaps;
        private long lastSeq;
        private volatile boolean over;

        Recorder(Subscription stream) {
            this(stream, false);
        }

        Recorder(Subscription stream, boolean paused) {
            this.stream = stream;
            if (paused) {
                stream.pause();
            }
            stream.endHandler(end -> over = true).handler(this::take);
            if (!paused) {
                until(() -> !deliveries.isEmpty());
            }
        }

        private synchronized void take(Delivery delivery) {
            if (delivery instanceof Delivery.Output it) {
                count(it.seq());
                output.writeBytes(it.data().getBytes());
            } else if (delivery instanceof Delivery.Snapshot it) {
                count(it.seq());
            } else if (delivery instanceof Delivery.Notice it) {
                if (it.kind().equals("warning")) {
                    zones.add(it.body().getString("level"));
                } else {
                    notices.add(it.kind());
                }
            }
            deliveries.add(delivery);
        }

        private void count(long seq) {
            if (seq != lastSeq + 1) {
                gaps++;
            }
            lastSeq = seq;
        }

        synchronized int size() {
            return output.size();
        }

        synchronized String text() {
            return output.toString(StandardCharsets.UTF_8);
        }

        void untilText(String wanted) {
            until(() -> text().contains(wanted));
        }

        void untilEnd() {
            until(() -> over);
        }
    }
}
