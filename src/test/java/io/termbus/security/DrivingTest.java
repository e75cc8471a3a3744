package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs drive terminals over a bridge. */
@Timeout(180)
class DrivingTest {
    /** Says in octal what it is typed, as it comes. */
    private static final String ECHO_OCTAL =
            "stty -icanon -isig -icrnl -ixon -iexten -echo; printf '%s'; echo ready; exec od -An -v -to1 -w1";

    @TempDir
    Path directory;

    private RunningHub hub;
    private Peer admin;

    @BeforeEach
    void start() throws Exception {
        hub = new RunningHub(directory);
        admin = hub.admin();
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private static String session(String id) {
        return "termbus.session." + id;
    }

    private static JsonObject keys(Object... keys) {
        return new JsonObject().put("keys", JsonArray.of(keys));
    }

    private String screen(String id) throws Exception {
        return admin.call(session(id), "snapshot", new JsonObject().put("format", "text"))
                .getString("data");
    }

    private void untilScreen(String id, String text) throws Exception {
        while (!screen(id).contains(text)) {
            Thread.onSpinWait();
        }
    }

    /** A session whose program asked for what {@code modes} says, and prints a byte it reads on each line. */
    private String echo(String modes) throws Exception {
        String id = admin.create("sh", "-c", String.format(ECHO_OCTAL, modes));
        untilScreen(id, "ready");
        return id;
    }

    @Test
    void keysAreEncodedAsTheProgramAskedFor() throws Exception {
        String id = echo("\\033[?1h\\033=\\033[?2004h");

        JsonObject answer = admin.call(
                session(id),
                "keys",
                keys(
                        "Up",
                        "KP5",
                        "x",
                        new JsonObject().put("text", "é"),
                        new JsonObject().put("paste", "a\nb\u001b"),
                        "C-c"));

        assertThat(answer.getLong("offset")).isPositive();
        String paste = "033 133 062 060 060 176 141 015 142 342 220 233 033 133 062 060 061 176";
        untilScreen(id, " 003\n");
        assertThat(typed(id)).isEqualTo("033 117 101 033 117 165 170 303 251 " + paste + " 003");
    }

    @Test
    void withoutModesKeysAreThePlainOnes() throws Exception {
        String id = echo("");

        admin.call(session(id), "keys", keys("Up", new JsonObject().put("paste", "a\r\nb"), "C-c"));

        untilScreen(id, " 003\n");
        assertThat(typed(id)).isEqualTo("033 133 101 141 015 142 003");
    }

    private String typed(String id) throws Exception {
        String all = admin.call(session(id), "snapshot", new JsonObject().put("format", "text"))
                .getString("data");
        return all.substring(all.indexOf("ready") + 5).strip().replaceAll("\\s+", " ");
    }

    @Test
    void anUnknownKeyIsNamedAndNothingIsTyped() throws Exception {
        String id = echo("");

        JsonObject refused = admin.ask(session(id), "keys", keys("a", "Entre"));

        assertThat(refused.getInteger("failureCode")).isEqualTo(400);
        assertThat(refused.getString("message")).contains("'keys[1]'").contains("Entre");
        for (JsonObject bad : new JsonObject[] {
            new JsonObject(),
            keys(),
            keys(1),
            keys(new JsonObject()),
            keys(new JsonObject().put("text", "a").put("paste", "b")),
            new JsonObject().put("keys", "a"),
            new JsonObject().put("keys", new JsonArray().addNull()),
            new JsonObject().put("keys", new JsonArray(Collections.nCopies(1001, "a"))),
        }) {
            assertThat(admin.refusal(session(id), "keys", bad)).isEqualTo(400);
        }
        admin.call(session(id), "keys", keys("z"));
        untilScreen(id, " 172\n");
        assertThat(typed(id)).isEqualTo("172");
    }

    @Test
    void whoMayNotTypeMayPressNoKeys() throws Exception {
        String id = admin.create("cat");
        String token = admin.call("termbus.hub", "share", new JsonObject().put("role", "viewer"))
                .getString("token");
        Peer viewer = hub.login(Bridge.TCP, token);

        assertThat(viewer.refusal(session(id), "keys", keys("a"))).isEqualTo(403);
        admin.attach(id, "read");
        assertThat(admin.refusal(session(id), "keys", keys("a"))).isEqualTo(403);
    }

    @Test
    void keysAtAnExitedSessionAreRefused() throws Exception {
        String id = admin.create("true");
        while (!"exited"
                .equals(admin.call(session(id), "info", new JsonObject()).getString("state"))) {
            Thread.onSpinWait();
        }
        assertThat(admin.refusal(session(id), "keys", keys("a"))).isEqualTo(410);
    }

    private static JsonObject waitFor(String kind, Object value) {
        return new JsonObject().put("any", JsonArray.of(new JsonObject().put(kind, value)));
    }

    private String operator() throws Exception {
        return admin.call("termbus.hub", "share", new JsonObject().put("role", "operator"))
                .getString("token");
    }

    @Test
    void whatKeysLeadToIsWaitedForAndRead() throws Exception {
        String id = admin.create("sh");

        long since = admin.call(
                        session(id),
                        "keys",
                        keys(
                                new JsonObject()
                                        .put("text", "printf '\\033[32m%s\\033[0m\\n' do''ne; printf 'a\\rb\\n'"),
                                "Enter"))
                .getLong("offset");
        JsonObject wait =
                admin.call(session(id), "wait", waitFor("regex", "^done$").put("since", since));

        assertThat(wait.getInteger("matched")).isZero();
        assertThat(wait.getString("row")).isEqualTo("done");
        assertThat(wait.getString("state")).isEqualTo("running");
        assertThat(wait.getLong("offset")).isGreaterThan(since);
        admin.call(session(id), "wait", waitFor("regex", "^b$").put("since", since));
        JsonObject read = admin.call(session(id), "read", new JsonObject().put("since", since));
        assertThat(read.getString("text")).contains("\ndone\nb\n").doesNotContain("\u001b[32m");
        assertThat(read.getLong("since")).isEqualTo(since);
        assertThat(read.getBoolean("truncated")).isFalse();
        assertThat(admin.call(
                                session(id),
                                "read",
                                new JsonObject().put("since", since).put("format", "ansi"))
                        .getString("text"))
                .contains("\u001b[32mdone\u001b[0m\r\na\rb\r\n");
        JsonObject end = admin.call(session(id), "read", new JsonObject().put("since", read.getLong("offset")));
        assertThat(end.getString("text")).isEmpty();
        assertThat(admin.refusal(
                        session(id), "read", new JsonObject().put("since", read.getLong("offset") + 1_000_000)))
                .isEqualTo(400);
    }

    @Test
    void ofALongReadTheMiddleIsLeftOutAndOfALostOneTheGapIsTold() throws Exception {
        hub.close();
        hub = new RunningHub(directory.resolve("small"), "flow.backlogBytes=8192");
        admin = hub.admin();
        String id = admin.create("sh", "-c", "seq 1 5000; exec cat");
        admin.call(session(id), "wait", waitFor("text", "5000").put("since", 0));

        JsonObject read = admin.call(
                session(id), "read", new JsonObject().put("since", 10).put("maxBytes", 100));

        assertThat(read.getBoolean("truncated")).isTrue();
        assertThat(read.getLong("gap")).isEqualTo(read.getLong("since") - 10).isPositive();
        assertThat(read.getString("text"))
                .matches("(?s)(\\d{4}\n){10}\n\\[… \\d+ bytes left out …\\]\n(\\d{4}\n){9}5000\n");
        assertThat(admin.call(session(id), "read", new JsonObject()).containsKey("gap"))
                .isFalse();
    }

    @Test
    void aWaitEndsWithTheProgramAndInTime() throws Exception {
        String id = admin.create("sh", "-c", "read line; echo last words");

        JsonObject timeOut =
                admin.call(session(id), "wait", waitFor("text", "never").put("timeoutMs", 1));
        assertThat(timeOut.containsKey("matched")).isTrue();
        assertThat(timeOut.getValue("matched")).isNull();
        admin.say(Peer.message(session(id), "wait", waitFor("exit", true)).put("replyAddress", "exit"));
        admin.say(
                Peer.message(session(id), "wait", waitFor("text", "last words")).put("replyAddress", "words"));
        admin.call(session(id), "keys", keys("Enter"));

        JsonObject words = Peer.answer(admin.next(frame -> "words".equals(frame.getString("address"))));
        assertThat(words.getInteger("matched")).isZero();
        assertThat(admin.call(session(id), "wait", waitFor("exit", true)).getString("state"))
                .isEqualTo("exited");
    }

    @Test
    void aConnectionHasSoManyWaitsAndTheyGoWithIt() throws Exception {
        String id = admin.create("cat");
        Peer other = hub.admin();
        for (int i = 0; i < 16; i++) {
            other.say(Peer.message(session(id), "wait", waitFor("text", "never").put("timeoutMs", 600_000))
                    .put("replyAddress", "wait-" + i));
        }
        JsonObject refused = other.ask(session(id), "wait", waitFor("exit", true));
        assertThat(refused.getInteger("failureCode")).isEqualTo(429);
        assertThat(refused.getString("message")).endsWith("(waits of a connection)");

        JsonObject cancelled = other.call(session(id), "cancel", new JsonObject());

        assertThat(cancelled.getInteger("count")).isEqualTo(16);
        other.call(session(id), "wait", waitFor("idleMs", 1));
        other.close();
        other.awaitClosed();
    }

    private static JsonObject command(String line) {
        return new JsonObject().put("command", line);
    }

    /** One that tells of its commands. */
    private String shell() throws Exception {
        JsonObject bash = new JsonObject().put("command", new JsonArray().add("bash"));
        return admin.call("termbus.hub", "create", bash.put("shellIntegration", "auto"))
                .getString("id");
    }

    @Test
    void aShellRunsForWhoMayTypeOneAtATime() throws Exception {
        String id = shell();
        Peer operator = hub.login(Bridge.WEBSOCKET, operator());
        String token = admin.call("termbus.hub", "share", new JsonObject().put("role", "viewer"))
                .getString("token");
        Peer viewer = hub.login(Bridge.TCP, token);

        JsonObject ran = operator.call(session(id), "run", command("echo $((6 * 7)); (exit 3)"));

        assertThat(ran.getString("text")).isEqualTo("42\n");
        assertThat(ran.getInteger("exitCode")).isEqualTo(3);
        assertThat(viewer.refusal(session(id), "run", command("true"))).isEqualTo(403);
        assertThat(viewer.call(session(id), "commands", new JsonObject()).getJsonArray("commands"))
                .hasSize(1);
        assertThat(viewer.call(session(id), "commandOutput", new JsonObject().put("id", 1))
                        .getString("text"))
                .isEqualTo("42\n");

        operator.say(Peer.message(session(id), "run", command("echo up; cat")).put("replyAddress", "first"));
        admin.call(session(id), "wait", waitFor("regex", "^up$").put("since", 0));
        JsonObject busy = admin.ask(session(id), "run", command("true"));
        assertThat(busy.getInteger("failureCode")).isEqualTo(409);
        assertThat(busy.getString("message")).startsWith("busy");
        admin.call(session(id), "lease", new JsonObject());
        assertThat(operator.refusal(session(id), "run", command("true"))).isEqualTo(423);
        admin.call(session(id), "keys", keys("C-d"));
        assertThat(Peer.answer(operator.next(frame -> "first".equals(frame.getString("address"))))
                        .getInteger("exitCode"))
                .isZero();
    }

    @Test
    void whatAConnectionThatGoesHasBegunGoesOn() throws Exception {
        String id = shell();
        Peer other = hub.admin();
        other.say(Peer.message(session(id), "run", command("echo up; cat")).put("replyAddress", "gone"));
        admin.call(session(id), "wait", waitFor("regex", "^up$").put("since", 0));

        other.close();
        other.awaitClosed();
        admin.call(session(id), "keys", keys("C-d"));

        assertThat(admin.call(session(id), "wait", waitFor("command", 1)).getInteger("matched"))
                .isZero();
        admin.call(session(id), "wait", waitFor("prompt", true));
        assertThat(admin.call(session(id), "run", command("echo next")).getString("text"))
                .isEqualTo("next\n");
    }

    @Test
    void whoDrivesIsNotDisturbed() throws Exception {
        String id = admin.create("cat");
        Peer agent = hub.login(Bridge.TCP, operator());
        Peer person = hub.login(Bridge.WEBSOCKET, operator());
        listen();

        String lease = agent.call(
                        session(id),
                        "lease",
                        new JsonObject().put("ttlMs", 60_000).put("note", "builds"))
                .getString("lease");

        JsonObject event =
                admin.next(frame -> "session.leased".equals(event(frame))).getJsonObject("body");
        assertThat(event.getJsonObject("info").getJsonObject("lease").getString("note"))
                .isEqualTo("builds");
        assertThat(event.encode()).doesNotContain(lease);
        JsonObject data = new JsonObject().put("data", "x");
        JsonObject refused = person.ask(session(id), "input", data);
        assertThat(refused.getInteger("failureCode")).isEqualTo(423);
        assertThat(refused.getString("message")).contains("(builds) drives");
        assertThat(person.refusal(session(id), "keys", keys("x"))).isEqualTo(423);
        assertThat(person.refusal(
                        session(id), "resize", new JsonObject().put("cols", 9).put("rows", 9)))
                .isEqualTo(423);
        assertThat(person.refusal(session(id), "signal", new JsonObject().put("signal", "TERM")))
                .isEqualTo(423);
        assertThat(person.refusal(session(id), "lease", new JsonObject())).isEqualTo(423);
        person.call(session(id), "input", data.copy().put("lease", lease));
        agent.call(session(id), "keys", keys("y", "Enter"));
        person.call(session(id), "wait", waitFor("text", "xy").put("since", 0));

        person.call(session(id), "lease", new JsonObject().put("take", true));

        event = admin.next(frame -> "session.released".equals(event(frame))).getJsonObject("body");
        assertThat(event.getString("reason")).isEqualTo("taken");
        assertThat(event.getJsonObject("lease").getString("note")).isEqualTo("builds");
        assertThat(agent.refusal(session(id), "input", data)).isEqualTo(423);
        assertThat(agent.call(session(id), "release", new JsonObject()).getBoolean("released"))
                .isFalse();
        agent.call(session(id), "keys", keys("C-c"));
        agent.call(session(id), "wait", waitFor("exit", true));
    }

    private static String event(JsonObject frame) {
        JsonObject body = frame.getJsonObject("body");
        return body == null ? "" : body.getString("event", "");
    }

    /** From now on the administrator hears of what happens. */
    private void listen() throws Exception {
        admin.say(new JsonObject()
                .put("type", "register")
                .put("address", "termbus.events")
                .put("replyAddress", "listening"));
        admin.next(frame -> "listening".equals(frame.getString("address")));
    }

    @Test
    void aLeaseEndsWithTheConnectionOfTheOneWhoDrives() throws Exception {
        String id = admin.create("cat");
        Peer agent = hub.login(Bridge.TCP, operator());
        agent.call(session(id), "lease", new JsonObject().put("ttlMs", 60_000));
        assertThat(admin.refusal(session(id), "keys", keys("x"))).isEqualTo(423);
        listen();

        agent.close();

        admin.next(frame -> "session.released".equals(event(frame)));
        admin.call(session(id), "keys", keys("x"));
    }

    @Test
    void aLeaseThatIsForgottenEndsByItself() throws Exception {
        String id = admin.create("cat");
        Peer agent = hub.login(Bridge.TCP, operator());
        listen();
        agent.call(session(id), "lease", new JsonObject().put("ttlMs", 1000));

        JsonObject event =
                admin.next(frame -> "session.released".equals(event(frame))).getJsonObject("body");

        assertThat(event.getString("reason")).isEqualTo("expired");
        admin.call(session(id), "keys", keys("x"));
    }
}
