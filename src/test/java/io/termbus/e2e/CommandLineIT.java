package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.e2e.CommandLineProcess.Result;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask the hub something and are done. */
@Timeout(120)
class CommandLineIT {
    @TempDir
    static Path directory;

    private static HubProcess hub;

    @BeforeAll
    static void start() throws Exception {
        hub = HubProcess.start(directory, "tcp.socket=" + directory.resolve("socket"));
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
    }

    private static String ok(String... arguments) throws Exception {
        Result result = CommandLineProcess.run(directory, hub, arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        return result.out();
    }

    private static JsonObject object(String... arguments) throws Exception {
        return new JsonObject(ok(arguments));
    }

    private static void refused(int status, String words, Result result) {
        assertThat(result.err()).startsWith("termbus: ").hasLineCount(1).contains(words);
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aSessionIsMadeLookedAtTypedIntoAndEnded() throws Exception {
        String id = ok(
                        "new",
                        "-d",
                        "--name",
                        "work",
                        "--env",
                        "GREETING=grüße",
                        "--",
                        "sh",
                        "-c",
                        "echo $GREETING; pwd; cat")
                .strip();

        assertThat(ok("ls").lines().skip(1)).anyMatch(line -> line.matches(id + " +work +running +80x24 .*"));
        ok("send", "work", "--enter", "hello", "there");
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> ok("screen", "work")
                        .startsWith("grüße\n" + directory.toRealPath() + "\nhello there\nhello there\n"));
        assertThat(ok("screen", "--ansi", "work")).contains("\033[");
        assertThat(ok("resize", "work", "100", "40")).isEmpty();
        assertThat(ok("rename", id, "other")).isEmpty();
        assertThat(ok("info", "other")).contains("name         other", "cols         100");
        assertThat(ok("signal", "other", "INT")).isEmpty();
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> object("info", id, "--json").getString("state").equals("exited"));
        refused(66, "session has exited", CommandLineProcess.run(directory, hub, "kill", id));
    }

    @Test
    void aShellRunsCommandsWhichAreListedWithTheirOutput() throws Exception {
        String id = ok("new", "-d", "--name", "build", "--env", "HOME=" + directory, "--", "bash")
                .strip();

        ok("wait", "build", "--prompt");
        assertThat(ok("exec", "build", "echo", "made;", "cd", "/usr")).isEqualTo("made\n");
        Result failed = CommandLineProcess.run(
                directory, hub, "exec", "build", "--", "ls -d .; exit_status() { return 3; }; exit_status");
        assertThat(failed.status()).isEqualTo(3);
        assertThat(failed.out()).isEqualTo(".\n");
        assertThat(failed.err()).isEmpty();
        assertThat(ok("commands", "build").lines().toList().get(2)).matches("2 +3 +\\d+s +/usr +ls -d .*");
        assertThat(ok("output", "build", "1")).isEqualTo("made\n");
        assertThat(ok("output", "build")).isEqualTo(".\n");

        Result wrong = CommandLineProcess.run(directory, hub, "exec", id, "echo )");
        assertThat(wrong.status()).isEqualTo(125);
        assertThat(wrong.out()).contains("syntax error");
        assertThat(wrong.err()).contains("took the line for no command");
        Result open = CommandLineProcess.run(directory, hub, "exec", "--timeout", "1", id, "echo 'x");
        assertThat(open.status()).isEqualTo(124);
        assertThat(open.err()).contains("has not begun").doesNotContain("ended");
        ok("keys", id, "C-c");
        ok("wait", id, "--prompt");

        Result late =
                CommandLineProcess.run(directory, hub, "exec", "--timeout", "1", id, "echo on; sleep 5; echo off");
        assertThat(late.status()).isEqualTo(124);
        assertThat(late.out()).isEqualTo("on\n");
        refused(125, "busy", CommandLineProcess.run(directory, hub, "exec", "build", "true"));
        ok("wait", "build", "--command", "3");
        assertThat(object("output", "build", "3", "--json").getString("text")).isEqualTo("on\noff\n");
        assertThat(new JsonArray(ok("commands", "build", "--json"))
                        .getJsonObject(2)
                        .getInteger("exitCode"))
                .isZero();
        refused(66, "no such command 9", CommandLineProcess.run(directory, hub, "output", "build", "9"));
        String other = ok("new", "-d", "--", "sh").strip();
        refused(66, "no command", CommandLineProcess.run(directory, hub, "output", other));
        refused(125, "shell integration", CommandLineProcess.run(directory, hub, "exec", other, "true"));
    }

    @Test
    void keysArePressedAndWhatTheyLeadToIsWaitedFor() throws Exception {
        String id = ok("new", "-d", "--name", "driven", "--", "sh").strip();

        ok("keys", "driven", "-l", "echo do''ne");
        long since = object("keys", "driven", "--json", "Enter").getLong("offset");

        assertThat(ok("wait", "driven", "--regex", "^d.ne$", "--since", String.valueOf(since)))
                .isEqualTo("done\n");
        assertThat(object("wait", "driven", "--idle", "1", "--text", "never", "--json")
                        .getInteger("matched"))
                .isEqualTo(1);
        refused(65, "Entre", CommandLineProcess.run(directory, hub, "keys", id, "Entre"));
        refused(64, "what to wait for", CommandLineProcess.run(directory, hub, "wait", id));
        refused(124, "within 0 s", CommandLineProcess.run(directory, hub, "wait", id, "--exit", "--timeout", "0"));
        for (String seconds : List.of("-1", "601")) {
            refused(
                    64,
                    "--timeout " + seconds + ": give 0..600 seconds",
                    CommandLineProcess.run(directory, hub, "wait", id, "--exit", "--timeout", seconds));
        }
        ok("keys", "driven", "C-d");
        ok("wait", "driven", "--exit");
        refused(124, "has exited", CommandLineProcess.run(directory, hub, "wait", id, "--text", "never"));
    }

    @Test
    void withJsonEveryCommandPrintsJson() throws Exception {
        JsonObject session = object("new", "--json", "--", "cat");
        String id = session.getString("id");

        assertThat(session.getString("state")).isEqualTo("running");
        assertThat(new JsonArray(ok("ls", "--json")).stream())
                .anyMatch(each -> ((JsonObject) each).getString("id").equals(id));
        assertThat(object("info", "--json").getString("role")).isEqualTo("admin");
        assertThat(object("screen", id, "--json").getInteger("rows")).isEqualTo(24);
        for (List<String> command : List.of(
                List.of("send", id, "x", "--json"),
                List.of("signal", id, "WINCH", "--json"),
                List.of("resize", id, "90", "30", "--json"),
                List.of("rename", id, "y", "--json"),
                List.of("kill", id, "--json"))) {
            assertThat(object(command.toArray(new String[0])).getString("session"))
                    .isEqualTo(id);
        }
        List<JsonObject> lines = ok("run", "--json", "--", "printf", "a\\n")
                .lines()
                .map(JsonObject::new)
                .toList();
        assertThat(lines).extracting(line -> line.getString("event")).containsExactly("created", "output", "exit");
        assertThat(lines.get(1).getString("base64")).isEqualTo("YQo=");
    }

    @Test
    void withJsonNoNameDrivesTheTerminal() throws Exception {
        String name = "\u009b5i\u007f";
        try (TcpClient client = TcpClient.connect(hub)) {
            String id = client.request(
                            Client.HUB,
                            "create",
                            new JsonObject().put("name", name).put("command", new JsonArray(List.of("cat"))))
                    .getString("id");

            assertThat(ok("ls", "--json")).contains("\"\\u009b5i\\u007f\"").doesNotContain("\u009b", "\u007f");
            assertThat(object("info", id, "--json").getString("name")).isEqualTo(name);
            client.request(Client.session(id), "kill", new JsonObject());
        }
    }

    @Test
    void aSignalThatTypingCtrlBackslashSendsEndsACommand() throws Exception {
        String id = ok("new", "-d", "--", "cat").strip();
        try (CommandLineProcess wait = CommandLineProcess.start(
                directory,
                CommandLineProcess.environment(hub),
                Path.of("/dev/null"),
                "wait",
                id,
                "--text",
                "never",
                "--timeout",
                "600")) {
            wait.untilQuitIsDefault();
            wait.signal("QUIT");

            assertThat(wait.end().status()).isEqualTo(128 + 3);
            assertThat(wait.end().out()).isEmpty();
            assertThat(wait.end().err()).isEmpty();
        }
        ok("kill", id);
    }

    @Test
    void aShareLetsInUntilItIsRevoked() throws Exception {
        JsonObject share = object("share", "--role", "viewer", "--expires", "1h", "--json");
        Map<String, String> guest = new HashMap<>(CommandLineProcess.environment(hub));
        guest.put("TERMBUS_AUTH_TOKEN", share.getString("token"));

        assertThat(new JsonObject(CommandLineProcess.run(directory, guest, "info", "--json")
                                .out())
                        .getString("role"))
                .isEqualTo("viewer");
        refused(77, "another role", CommandLineProcess.run(directory, guest, "new", "-d", "--", "cat"));
        assertThat(ok("shares")).contains(share.getString("id"));
        assertThat(object("revoke", share.getString("id"), "--json").getString("share"))
                .isEqualTo(share.getString("id"));
        refused(77, "--token-file", CommandLineProcess.run(directory, guest, "ls"));
        refused(66, "; 'shares' lists them", CommandLineProcess.run(directory, hub, "revoke", share.getString("id")));
    }

    @Test
    void aHubIsDrainedAndTakesSessionsAgain() throws Exception {
        assertThat(ok("drain")).contains(" drains, ");
        refused(
                69,
                "told to drain",
                CommandLineProcess.run(directory, CommandLineProcess.environment(hub), "new", "-d", "--", "cat"));
        assertThat(object("drain", "--off", "--json").getBoolean("draining")).isFalse();
        ok("new", "-d", "--", "cat");
        refused(64, "--node: give the id", CommandLineProcess.run(directory, hub, "drain", "--node", ""));
        refused(66, "no such node: nosuch\n", CommandLineProcess.run(directory, hub, "drain", "--node", "nosuch"));
    }

    @Test
    void theUnixSocketAndAFileWithTheTokenDoAsWell() throws Exception {
        Path token = directory.resolve("home/token");
        Result result = CommandLineProcess.run(
                directory, Map.of(), "info", "--socket", "socket", "--token-file", token.toString(), "--json");

        assertThat(new JsonObject(result.out()).getInteger("protocol")).isEqualTo(1);
    }

    @Test
    void tlsIsSpokenWithAHubWhoseCertificateIsTrusted() throws Exception {
        Identity server = Identity.selfSigned(directory, "server");
        Identity client = Identity.selfSigned(directory, "client");
        Path home = Files.createDirectory(directory.resolve("secure"));
        try (HubProcess secure = HubProcess.start(
                home,
                "tls.certificate=" + server.certificate(),
                "tls.key=" + server.key(),
                "tls.clientCa=" + client.certificate())) {
            Map<String, String> environment = CommandLineProcess.environment(secure);
            String authority = "--tls-ca=" + server.certificate();

            Result result = CommandLineProcess.run(
                    directory,
                    environment,
                    "info",
                    "--json",
                    authority,
                    "--tls-cert=" + client.certificate(),
                    "--tls-key=" + client.key());

            assertThat(new JsonObject(result.out()).getString("role")).isEqualTo("admin");
            refused(69, "give --tls-ca FILE", CommandLineProcess.run(directory, environment, "ls", "--tls"));
            refused(69, "--tls-ca FILE if the hub has TLS", CommandLineProcess.run(directory, environment, "ls"));
            refused(
                    69,
                    "give --tls-cert and --tls-key",
                    CommandLineProcess.run(directory, environment, "ls", authority));
        }
    }

    @Test
    void whatGoesWrongTakesOneLineAndHasItsStatus() throws Exception {
        Map<String, String> wrong = new HashMap<>(CommandLineProcess.environment(hub));
        wrong.put("TERMBUS_AUTH_TOKEN", "a-wrong-token-0123456789");

        refused(77, "--token-file or TERMBUS_AUTH_TOKEN", CommandLineProcess.run(directory, wrong, "ls"));
        refused(66, "no session 'nobody'; 'ls' shows", CommandLineProcess.run(directory, hub, "kill", "nobody"));
        refused(65, "no-such-program", CommandLineProcess.run(directory, hub, "new", "-d", "no-such-program"));
        refused(74, "must be a terminal", CommandLineProcess.run(directory, hub, "attach", "nobody"));
        refused(127, "no-such-program", CommandLineProcess.run(directory, hub, "run", "no-such-program"));
    }

    @Test
    void warningsArePrintedAsTheyHappen() throws Exception {
        Path input = Files.createTempFile(directory, "no", "input");
        Map<String, String> environment = CommandLineProcess.environment(hub);
        try (CommandLineProcess watch =
                        CommandLineProcess.start(directory, environment, input, "watch-warnings", "--json");
                TcpClient slow = TcpClient.connect(hub)) {
            String flood = slow.shell("while sleep 0.1; do seq 1 30000; done");

            // When the command has begun to listen nobody tells: more and more subscribers fall behind until then.
            Awaitility.await()
                    .atMost(40, TimeUnit.SECONDS)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        slow.attach(flood, new JsonObject());
                        return watch.out().contains("\n");
                    });
            JsonObject warning = new JsonObject(watch.out().lines().findFirst().orElseThrow());
            assertThat(warning.getString("session")).isEqualTo(flood);
            assertThat(warning.getString("level")).isIn("yellow", "red");
        }
    }
}
