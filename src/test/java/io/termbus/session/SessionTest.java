package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SessionTest {
    private BusHub hub = new BusHub();

    @AfterEach
    void close() {
        hub.close();
    }

    private static String session(String id) {
        return Addresses.session(id);
    }

    private void refused(int code, String words, String address, String action, JsonObject body) {
        assertThatThrownBy(() -> hub.call(address, action, body))
                .hasMessageContaining(words)
                .cause()
                .isInstanceOfSatisfying(
                        ReplyException.class, e -> assertThat(e.failureCode()).isEqualTo(code));
    }

    @Test
    void createsASessionAsAskedFor() {
        JsonObject created = hub.create(new JsonObject()
                .put("command", new JsonArray(List.of("sh", "-c", "pwd; echo $GREETING; stty size; cat")))
                .put("cwd", "/usr")
                .put("env", new JsonObject().put("GREETING", "grüß dich"))
                .put("cols", 101)
                .put("rows", 33)
                .put("name", "my session"));
        BusHub.Viewer viewer = hub.attach(created.getString("id"));

        viewer.untilText("/usr");
        viewer.untilText("grüß dich");
        viewer.untilText("33 101");
        assertThat(created.getString("name")).isEqualTo("my session");
        assertThat(created.getString("state")).isEqualTo("running");
        assertThat(created.getString("pty")).startsWith("/dev/pts/");
        assertThat(created.getLong("pid")).isPositive();
        assertThat(viewer.attached.getJsonObject("session").getString("id")).isEqualTo(created.getString("id"));
    }

    @Test
    void theDefaultIsTheShellAt80By24() {
        JsonObject created = hub.create(new JsonObject());

        assertThat(created.getInteger("cols")).isEqualTo(80);
        assertThat(created.getInteger("rows")).isEqualTo(24);
        assertThat(created.getJsonArray("command")).isNotEmpty();
    }

    @Test
    void theChildDoesNotSeeTheHubsSecrets() {
        BusHub.Viewer viewer = hub.attach(hub.sh("env | grep -c ^TERMBUS_; echo $TERM; cat"));

        viewer.untilText("xterm-256color");
        assertThat(viewer.text()).contains("0\r\n");
    }

    @Test
    void initialCommandsAreTyped() {
        JsonObject created = hub.create(new JsonObject()
                .put("command", new JsonArray(List.of("sh")))
                .put("initialCommands", new JsonArray(List.of("echo a$((1+1))b", "exit 7"))));
        BusHub.Viewer viewer = hub.attach(created.getString("id"));

        assertThat(viewer.untilExit().getInteger("code")).isEqualTo(7);
        assertThat(viewer.text()).contains("a2b");
    }

    @Test
    void initialCommandsThatDoNotFitInTheQueueLeaveNoSession() {
        refused(
                429,
                "session.inputQueueBytes",
                Addresses.HUB,
                "create",
                new JsonObject()
                        .put("command", new JsonArray(List.of("sleep", "1000")))
                        .put("initialCommands", new JsonArray(java.util.Collections.nCopies(20, "x".repeat(120_000)))));

        assertThat(hub.call(Addresses.HUB, "list", new JsonObject()).getJsonArray("sessions"))
                .isEmpty();
        BusHub.until(() -> ProcessHandle.current().children().findAny().isEmpty());
    }

    @Test
    void inputComesAsTextOrBase64() {
        BusHub.Viewer viewer = hub.attach(hub.sh("stty raw -echo; echo ready; cat"));
        viewer.untilText("ready");
        String id = viewer.attached.getJsonObject("session").getString("id");

        hub.call(session(id), "input", new JsonObject().put("data", "héllo "));
        hub.call(
                session(id),
                "input",
                new JsonObject()
                        .put("base64", Base64.getEncoder().encodeToString("wörld".getBytes(StandardCharsets.UTF_8))));

        viewer.untilText("héllo wörld");
    }

    @Test
    void everyByteArrivesInOrder() {
        BusHub.Viewer viewer = hub.attach(hub.sh("read x; seq 1 200000"), new JsonObject().put("lag", "block"));
        String id = viewer.attached.getJsonObject("session").getString("id");
        BusHub.until(() -> !viewer.deliveries().isEmpty());
        hub.call(session(id), "input", new JsonObject().put("data", "\n"));

        viewer.untilExit();

        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        for (int i = 1; i <= 200_000; i++) {
            expected.writeBytes((i + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(viewer.output()).isEqualTo(expected.toByteArray());
        long seq = 0;
        for (Delivery each : viewer.deliveries()) {
            if (each instanceof Delivery.Counted counted) {
                assertThat(counted.seq()).isEqualTo(++seq);
            }
        }
    }

    @Test
    void theExitComesLastWithItsCode() {
        BusHub.Viewer viewer = hub.attach(hub.sh("read x; echo bye; exit 3"));
        String id = viewer.attached.getJsonObject("session").getString("id");
        hub.call(session(id), "input", new JsonObject().put("data", "\n"));

        assertThat(viewer.untilExit()).isEqualTo(new JsonObject().put("code", 3));
        assertThat(viewer.text()).contains("bye");
        JsonObject info = hub.call(session(id), "info", new JsonObject());
        assertThat(info.getString("state")).isEqualTo("exited");
        assertThat(info.getJsonObject("exit").getInteger("code")).isEqualTo(3);
    }

    @Test
    void killEndsTheChildAndSaysBySignal() {
        BusHub.Viewer viewer = hub.attach(hub.sh("echo up; exec sleep 1000"));
        viewer.untilText("up");
        String id = viewer.attached.getJsonObject("session").getString("id");

        hub.call(session(id), "kill", new JsonObject());

        assertThat(viewer.untilExit().getString("signal")).isEqualTo("SIGHUP");
        refused(410, "has exited", session(id), "input", new JsonObject().put("data", "x"));
        refused(410, "has exited", session(id), "kill", new JsonObject());
        refused(
                410,
                "has exited",
                session(id),
                "resize",
                new JsonObject().put("cols", 1).put("rows", 1));
    }

    @Test
    void aChildThatIgnoresTheHangUpIsKilledAfterTheGracePeriod() {
        BusHub.Viewer viewer = hub.attach(hub.sh("trap '' HUP; echo up; while :; do sleep 1; done"));
        viewer.untilText("up");

        hub.call(session(viewer.attached.getJsonObject("session").getString("id")), "kill", new JsonObject());

        assertThat(viewer.untilExit().getString("signal")).isEqualTo("SIGKILL");
    }

    @ParameterizedTest
    @CsvSource({"INT, SIGINT", "SIGTERM, SIGTERM", "usr1, SIGUSR1"})
    void signalsReachTheForeground(String asked, String got) {
        BusHub.Viewer viewer = hub.attach(hub.sh("echo up; exec sleep 1000"));
        viewer.untilText("up");

        hub.call(
                session(viewer.attached.getJsonObject("session").getString("id")),
                "signal",
                new JsonObject().put("signal", asked));

        assertThat(viewer.untilExit().getString("signal")).isEqualTo(got);
    }

    @Test
    void resizeReachesTheChildTheSubscribersAndTheOperators() {
        List<JsonObject> events = new CopyOnWriteArrayList<>();
        hub.vertx.eventBus().<JsonObject>consumer(Addresses.EVENTS, message -> events.add(message.body()));
        BusHub.Viewer viewer = hub.attach(hub.sh("trap 'stty size' WINCH; echo up; while :; do read x; done"));
        viewer.untilText("up");
        String id = viewer.attached.getJsonObject("session").getString("id");

        hub.call(session(id), "resize", new JsonObject().put("cols", 132).put("rows", 50));

        viewer.untilText("50 132");
        assertThat(viewer.notices(Delivery.Kind.RESIZE))
                .containsExactly(new JsonObject().put("cols", 132).put("rows", 50));
        BusHub.until(() -> events.stream().anyMatch(each -> "session.resized".equals(each.getString("event"))));
        assertThat(hub.call(session(id), "info", new JsonObject()).getInteger("cols"))
                .isEqualTo(132);
    }

    @Test
    void renameShowsInInfoAndList() {
        String id = hub.sh("cat");

        hub.call(session(id), "rename", new JsonObject().put("name", "other"));

        JsonObject listed = hub.call(Addresses.HUB, "list", new JsonObject())
                .getJsonArray("sessions")
                .getJsonObject(0);
        assertThat(listed.getString("name")).isEqualTo("other");
        assertThat(listed.getString("id")).isEqualTo(id);
    }

    @Test
    void aLateSubscriberGetsTheStateFirst() {
        String id = hub.sh("echo early; cat");
        hub.attach(id).untilText("early");

        BusHub.Viewer late = hub.attach(id);

        late.untilText("early");
        assertThat(late.deliveries().get(0).kind()).isEqualTo(Delivery.Kind.SNAPSHOT);
    }

    @Test
    void resumeContinuesAtTheOffset() {
        String id = hub.sh("echo one; read x; echo two; cat");
        BusHub.Viewer first = hub.attach(id);
        first.untilText("one\r\n");
        long offset = first.deliveries().stream()
                .filter(Delivery.Counted.class::isInstance)
                .mapToLong(each -> ((Delivery.Counted) each).offset())
                .max()
                .orElseThrow();
        hub.call(Addresses.FLOW, "detach", new JsonObject().put("subscriber", first.subscriber));
        hub.call(session(id), "input", new JsonObject().put("data", "\n"));

        BusHub.Viewer second = hub.attach(id, new JsonObject().put("from", offset));

        second.untilText("two");
        assertThat(second.deliveries()).noneMatch(each -> each.kind() == Delivery.Kind.SNAPSHOT);
        assertThat(new String(second.output(), StandardCharsets.UTF_8)).isEqualTo("\r\ntwo\r\n");
    }

    @Test
    void anExitedSessionCanBeAttachedForItsLastScreen() {
        String id = hub.sh("echo last words");
        hub.attach(id).untilExit();

        BusHub.Viewer late = hub.attach(id);

        assertThat(late.untilExit().getInteger("code")).isZero();
        assertThat(late.text()).contains("last words");
    }

    @Test
    void anExitedSessionIsForgottenAfterItsRetention() {
        hub.close();
        hub = new BusHub(BusHub.sessions(64, Duration.ofMillis(50)), BusHub.flow());
        String id = hub.sh("exit 0");

        BusHub.until(() -> hub.call(Addresses.HUB, "list", new JsonObject())
                .getJsonArray("sessions")
                .isEmpty());

        refused(404, "no such session", Addresses.FLOW, "attach", new JsonObject().put("session", id));
    }

    @Test
    void aHubThatDrainsTakesNoNewSessionsAndKeepsThoseItHas() {
        String id = hub.sh("cat");
        JsonObject drained = hub.call(Addresses.HUB, "drain", new JsonObject());
        assertThat(drained)
                .isEqualTo(new JsonObject()
                        .put("node", "here")
                        .put("running", 1)
                        .put("max", 64)
                        .put("draining", true));
        assertThat(hub.call(Addresses.HUB, "nodes", new JsonObject()).getJsonArray("nodes"))
                .containsExactly(drained);

        refused(503, "told to drain", Addresses.HUB, "create", new JsonObject());
        refused(400, "field 'on'", Addresses.HUB, "drain", new JsonObject().put("on", "no"));
        refused(404, "no such node", Addresses.HUB, "drain", new JsonObject().put("node", "elsewhere"));
        assertThat(hub.call(Addresses.session(id), "info", new JsonObject()).getString("state"))
                .isEqualTo("running");

        hub.call(Addresses.HUB, "drain", new JsonObject().put("on", false));
        hub.sh("cat");
    }

    @Test
    void onlySoManySessionsLiveAtATime() {
        hub.close();
        hub = new BusHub(BusHub.sessions(2, Duration.ofSeconds(60)), BusHub.flow());
        hub.sh("cat");
        hub.sh("cat");

        refused(429, "session.max", Addresses.HUB, "create", new JsonObject());

        assertThat(hub.call(Addresses.HUB, "killAll", new JsonObject()).getInteger("count"))
                .isEqualTo(2);
        BusHub.until(() -> hub.ask(Addresses.HUB, "create", new JsonObject())
                .map(created -> true)
                .otherwise(false)
                .toCompletionStage()
                .toCompletableFuture()
                .join());
    }

    @Test
    void argumentsAndVariablesAreCountedInBytes() {
        JsonObject body = new JsonObject();
        refused(
                400,
                "command[1]",
                Addresses.HUB,
                "create",
                body.copy().put("command", new JsonArray(List.of("echo", "ü".repeat(65_536)))));
        refused(
                400,
                "env.A",
                Addresses.HUB,
                "create",
                body.copy().put("env", new JsonObject().put("A", "x".repeat(131_070))));
        BusHub.Viewer viewer = hub.attach(hub.create(body.copy()
                        .put(
                                "command",
                                new JsonArray(List.of("sh", "-c", "echo ${#1} ${#A}; cat", "sh", "x".repeat(131_071))))
                        .put("env", new JsonObject().put("A", "x".repeat(131_069))))
                .getString("id"));
        viewer.untilText("131071 131069");
    }

    @Test
    void theWorkingDirectoryIsInTheEnvironmentAsAskedFor(@TempDir Path directory) throws Exception {
        Path real = Files.createDirectories(directory.toRealPath().resolve("real/below"));
        Path link = Files.createSymbolicLink(directory.toRealPath().resolve("link"), Path.of("real"));
        List<String> command = List.of("sh", "-c", "env | grep PWD= | tr '\\n' ' '; echo; cat");
        JsonObject body =
                new JsonObject().put("command", new JsonArray(command)).put("cols", 300);

        hub.attach(hub.create(body.copy().put("cwd", link.resolve("below").toString()))
                        .getString("id"))
                .untilText("PWD=" + link.resolve("below") + " \r");
        hub.attach(hub.create(body.copy().put("cwd", link + "/below/../below")).getString("id"))
                .untilText("PWD=" + real + " \r");
    }

    @ParameterizedTest
    @CsvSource({"never, raw, 0", "never, cooked, 0", "raw, cooked, 0", "raw, raw, 6", "always, cooked, 6"})
    void queriesAreAnsweredAsAskedFor(String answers, String mode, int bytes) {
        String script = "stty -echo; printf '\\033[5n\\033[6n'; sleep 0.3; stty -icanon min 0 time 5; "
                + "head -c 3 | wc -c; cat";
        String rawFirst = "stty -echo -icanon min 0 time 10; printf '\\033[6n'; head -c 6 | wc -c; cat";
        List<String> command = List.of("sh", "-c", mode.equals("raw") ? rawFirst : script);
        String id = hub.create(
                        new JsonObject().put("command", new JsonArray(command)).put("answers", answers))
                .getString("id");

        hub.attach(id).untilText((bytes == 0 ? 0 : mode.equals("raw") ? 6 : 3) + "\r\n");
    }

    @Test
    void aPipedInputIsWrittenByItsOwnCommand() {
        String id = hub.create(new JsonObject()
                        .put("command", new JsonArray(List.of("sh", "-c", "wc -c; read x < /dev/tty; echo got $x")))
                        .put("stdin", "pipe"))
                .getString("id");
        BusHub.Viewer viewer = hub.attach(id);

        hub.call(session(id), "stdin", new JsonObject().put("data", "12345"));
        hub.call(session(id), "stdin", new JsonObject().put("base64", "AAQD").put("end", true));
        viewer.untilText("8\r\n");
        assertThat(hub.call(session(id), "stdin", new JsonObject().put("data", "x"))
                        .getBoolean("closed"))
                .isTrue();
        hub.call(session(id), "input", new JsonObject().put("data", "typed\r"));

        viewer.untilText("got typed");
        viewer.untilExit();
        refused(410, "has exited", session(id), "stdin", new JsonObject().put("data", "x"));
        refused(409, "is its terminal", session(hub.sh("cat")), "stdin", new JsonObject().put("data", "x"));
    }

    @Test
    void longInitialCommandsAreRunWholeInOrder() {
        JsonArray commands = new JsonArray(List.of(
                "printf %s " + "a".repeat(6000) + " | wc -c",
                "printf %s " + "b".repeat(50_000) + " | wc -c",
                "exit 4"));
        for (List<String> shell : List.of(List.of("bash", "--norc", "-i"), List.of("sh"))) {
            BusHub.Viewer viewer = hub.attach(hub.create(new JsonObject()
                            .put("command", new JsonArray(shell))
                            .put("initialCommands", commands))
                    .getString("id"));

            assertThat(viewer.untilExit().getInteger("code")).isEqualTo(4);
            assertThat(viewer.text()).containsSubsequence("6000\r\n", "50000\r\n");
        }
    }

    @Test
    void initialCommandsThatAreTypedUnreadAreAnEvent() {
        List<JsonObject> events = new CopyOnWriteArrayList<>();
        hub.vertx.eventBus().<JsonObject>consumer(Addresses.EVENTS, message -> events.add(message.body()));

        String id = hub.create(new JsonObject()
                        .put("command", new JsonArray(List.of("sleep", "1000")))
                        .put("initialCommands", new JsonArray(List.of("x"))))
                .getString("id");

        BusHub.until(() -> events.stream()
                .anyMatch(each -> "session.unread".equals(each.getString("event"))
                        && "commands".equals(each.getString("input"))
                        && id.equals(each.getJsonObject("info").getString("id"))));
    }

    @Test
    void inputBeyondTheQueueIsRefusedAndNothingOfItIsTyped() {
        String id = hub.sh("stty raw -echo; echo ready; exec sleep 1000");
        hub.attach(id).untilText("ready");

        refused(
                429,
                "session.inputQueueBytes",
                session(id),
                "input",
                new JsonObject().put("data", "x".repeat(2_000_001)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create|{\"cols\": 0}|cols",
                "create|{\"cols\": 1001}|cols",
                "create|{\"rows\": \"24\"}|rows",
                "create|{\"command\": []}|command",
                "create|{\"command\": \"ls\"}|command",
                "create|{\"command\": [1]}|command[0]",
                "create|{\"command\": [\"no-such-program-anywhere\"]}|no-such-program-anywhere",
                "create|{\"cwd\": \"relative\"}|cwd",
                "create|{\"cwd\": \"/no/such/directory\"}|'cwd': working directory does not exist: /no/such/directory",
                "create|{\"cwd\": \"/etc/passwd\"}|'cwd': working directory is not a directory",
                "create|{\"cwd\": \"/a\\u0000\"}|cwd",
                "create|{\"command\": [\"echo\", \"\\u0000\"]}|command[1]",
                "create|{\"command\": [\"echo\", \"\\ud800\"]}|command[1]",
                "create|{\"env\": {\"A\": \"\\udc00\"}}|env.A",
                "create|{\"initialCommands\": [\"\\ud800\"]}|initialCommands[0]",
                "create|{\"stdin\": \"file\"}|stdin",
                "create|{\"answers\": true}|answers",
                "create|{\"env\": {\"A\": 1}}|env.A",
                "create|{\"env\": {\"A=B\": \"c\"}}|env",
                "create|{\"name\": 5}|name",
                "create|{\"initialCommands\": [null]}|initialCommands[0]",
                "create|{\"rawOutput\": \"yes\"}|rawOutput",
                "create|{\"echo\": 0}|echo",
                "create|{\"waitForSubscriber\": 10}|waitForSubscriber",
            })
    void aBadRequestToCreateNamesTheField(String action, String body, String named) {
        refused(400, named, Addresses.HUB, action, new JsonObject(body));
        assertThat(hub.call(Addresses.HUB, "list", new JsonObject()).getJsonArray("sessions"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|input|{}|data",
                "400|input|{\"data\": \"a\", \"base64\": \"YQ\"}|data",
                "400|input|{\"base64\": \"***\"}|base64",
                "400|resize|{\"cols\": 10}|rows",
                "400|resize|{\"cols\": -1, \"rows\": 5}|cols",
                "400|resize|{\"cols\": 1.5, \"rows\": 5}|cols",
                "400|signal|{\"signal\": \"NOPE\"}|signal",
                "400|rename|{}|name",
                "400|snapshot|{\"format\": \"html\"}|format",
                "404|explode|{}|explode",
            })
    void aBadCommandNamesTheField(int code, String action, String body, String named) {
        refused(code, named, session(hub.sh("cat")), action, new JsonObject(body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|attach|{}|session",
                "404|attach|{\"session\": \"nobody\"}|nobody",
                "400|attach|{\"session\": \"ID\", \"mode\": \"admin\"}|mode",
                "400|attach|{\"session\": \"ID\", \"lag\": \"drop\"}|lag",
                "400|attach|{\"session\": \"ID\", \"from\": -1}|from",
                "400|attach|{\"session\": \"ID\", \"scrollback\": -1}|scrollback",
                "404|ack|{\"subscriber\": \"00nobody\", \"seq\": 1}|nobody",
                "404|status|{\"subscriber\": \"zz\"}|zz",
                "404|dance|{\"subscriber\": \"00nobody\"}|dance",
            })
    void aBadFlowRequestNamesTheField(int code, String action, String body, String named) {
        String id = hub.sh("cat");
        refused(code, named, Addresses.FLOW, action, new JsonObject(body.replace("ID", id)));
    }

    @Test
    void aSessionThatWaitsForItsSubscriberLosesNothingHoweverLateThatComes() {
        JsonObject created = hub.create(waiting("seq 1 300000"));
        JsonObject before = hub.call(session(created.getString("id")), "info", new JsonObject());

        JsonObject options = new JsonObject().put("lag", "block").put("from", 0);
        BusHub.Viewer viewer = hub.attach(created.getString("id"), options);

        assertThat(viewer.untilExit().getInteger("code")).isZero();
        assertThat(before.getLong("outputBytes")).isZero();
        assertThat(viewer.deliveries()).noneMatch(each -> each.kind() == Delivery.Kind.SNAPSHOT);
        String numbers = new String(viewer.output(), StandardCharsets.US_ASCII);
        assertThat(numbers).hasSize(1_988_895).startsWith("1\n2\n").endsWith("\n300000\n");
    }

    @Test
    void aSessionThatWaitsForItsSubscriberEndsAtOnceWhenKilled() {
        String id = hub.create(waiting("seq 1 300000; sleep 1000")).getString("id");
        long start = System.nanoTime();

        hub.call(session(id), "kill", new JsonObject());

        BusHub.until(() -> hub.call(session(id), "info", new JsonObject())
                .getString("state")
                .equals("exited"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void aProgramThatCopiesTheLargestScreenInALoopIsReadAndEndsAtOnce() {
        String loop = "yes \"$(printf '\\033[1;1;1000;1000;1;2;2;1$v')\"";
        JsonObject created = hub.create(new JsonObject()
                .put("command", new JsonArray(List.of("sh", "-c", "printf '\\033[65;1;1;1000;1000$x'; exec " + loop)))
                .put("cols", 1000)
                .put("rows", 1000));
        String id = created.getString("id");
        BusHub.Viewer viewer = hub.attach(id);
        BusHub.until(() -> info(id).getLong("outputBytes") > 10_000);

        JsonObject snapshot = hub.call(session(id), "snapshot", new JsonObject());
        hub.call(session(id), "signal", new JsonObject().put("signal", "KILL"));

        assertThat(viewer.untilExit().getString("signal")).isEqualTo("SIGKILL");
        assertThat(snapshot.getLong("offset")).isLessThan(info(id).getLong("outputBytes"));
    }

    private JsonObject info(String id) {
        return hub.call(session(id), "info", new JsonObject());
    }

    private static JsonObject waiting(String script) {
        return new JsonObject()
                .put("command", new JsonArray(List.of("sh", "-c", script)))
                .put("rawOutput", true)
                .put("waitForSubscriber", true);
    }

    @Test
    void statusTellsWhereTheSubscriberStands() {
        BusHub.Viewer viewer = hub.attach(hub.sh("echo hello; cat"));
        viewer.untilText("hello");
        BusHub.until(() -> status(viewer).getInteger("unackedDeliveries") == 0);

        JsonObject status = status(viewer);

        assertThat(status.getString("zone")).isEqualTo("green");
        assertThat(status.getLong("unackedBytes")).isZero();
        assertThat(status.getLong("lagBytes")).isZero();
        assertThat(status.getLong("delivered")).isPositive();
        assertThat(status.getLong("skippedBytes")).isZero();
    }

    private JsonObject status(BusHub.Viewer viewer) {
        return hub.call(Addresses.FLOW, "status", new JsonObject().put("subscriber", viewer.subscriber));
    }

    @Test
    void oneWhoNeverAcksCostsTheOthersNothing() {
        // Less than the backlog: one that lags by more gets a screen, and owes little then.
        String id = hub.sh("read x; seq 1 140000; echo done; cat");
        JsonObject stuck = hub.call(Addresses.FLOW, "attach", new JsonObject().put("session", id));
        List<String> levels = new CopyOnWriteArrayList<>();
        String stuckId = stuck.getString("subscriber");
        hub.vertx.eventBus().<Delivery>localConsumer(stuck.getString("address"), message -> {
            if (message.body() instanceof Delivery.Notice notice && notice.kind() == Delivery.Kind.WARNING) {
                levels.add(notice.body().getString("level"));
            }
        });
        hub.vertx
                .eventBus()
                .send(
                        BusHub.SHARDS.addressOfSubscriber(stuckId).orElseThrow(),
                        new io.termbus.protocol.FlowMessage.Listening(stuckId));
        BusHub.Viewer good = hub.attach(id);
        BusHub.until(() -> !good.deliveries().isEmpty());
        hub.call(session(id), "input", new JsonObject().put("data", "\n"));

        good.untilText("done");
        BusHub.until(() -> levels.contains("red"));

        assertThat(new ArrayList<>(levels)).containsExactly("yellow", "red");
        assertThat(hub.call(Addresses.FLOW, "status", new JsonObject().put("subscriber", stuckId))
                        .getString("zone"))
                .isEqualTo("red");
    }
}
