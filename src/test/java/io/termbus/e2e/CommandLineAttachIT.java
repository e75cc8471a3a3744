package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.support.Programs;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code new} and {@code attach} in a real terminal. */
@Timeout(120)
class CommandLineAttachIT {
    /** Of a shell's prompt, not of the command line that was typed. */
    private static final String STATUS = "status=";

    @TempDir
    Path directory;

    private HubProcess hub;

    @BeforeAll
    static void tools() {
        Programs.require("tmux", "vim");
    }

    @BeforeEach
    void start() throws Exception {
        hub = HubProcess.start(directory);
        String words = CommandLineProcess.words().stream().collect(Collectors.joining("' '", "'", "'"));
        Files.writeString(directory.resolve("tb"), "#!/bin/sh\nexec " + words + " \"$@\"\n");
        Files.setPosixFilePermissions(directory.resolve("tb"), PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private Tmux terminal() throws Exception {
        return Tmux.open(directory, 100, 30, CommandLineProcess.environment(hub));
    }

    private static JsonObject info(TcpClient client, String id) throws Exception {
        return client.request(Client.session(id), "info", new JsonObject());
    }

    private static String onlySession(TcpClient client) throws Exception {
        return client.request(Client.HUB, "list", new JsonObject())
                .getJsonArray("sessions")
                .getJsonObject(0)
                .getString("id");
    }

    @Test
    void vimIsUsedResizedLeftAndComeBackTo() throws Exception {
        try (Tmux tmux = terminal();
                TcpClient client = TcpClient.connect(hub)) {
            String before = tmux.settings();
            tmux.enter("./tb new --name editor -- vim -u NONE --not-a-term notes");
            tmux.until("attached to editor: Ctrl-] detaches");
            tmux.until("\"notes\" [New");
            String id = onlySession(client);
            assertThat(info(client, id)).contains(Map.entry("cols", 100), Map.entry("rows", 30));

            tmux.type("ihello from vim");
            tmux.press("Escape");
            tmux.until("hello from vim");
            tmux.resize(80, 20);
            tmux.until(screen ->
                    screen.startsWith("hello from vim\n~") && screen.lines().count() <= 20);
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> info(client, id).getInteger("rows") == 20);

            tmux.press("C-]");
            tmux.until("[detached from editor; 'attach " + id + "' comes back]");
            assertThat(tmux.settings()).isEqualTo(before.replace("rows 30; columns 100", "rows 20; columns 80"));
            assertThat(info(client, id).getString("state")).isEqualTo("running");

            tmux.resize(100, 30);
            tmux.enter("./tb attach editor --quiet; echo " + STATUS + "$?");
            tmux.until(screen ->
                    screen.startsWith("hello from vim\n~") && screen.lines().count() > 20);
            tmux.type(":wq");
            tmux.press("Enter");
            tmux.until("[editor has ended: exit 0]");
            tmux.until(STATUS + "0");
            assertThat(tmux.settings()).isEqualTo(before);
            assertThat(Files.readString(directory.resolve("notes"))).isEqualTo("hello from vim\n");
        }
    }

    @Test
    void aHubThatDiesLeavesTheTerminalAsItWas() throws Exception {
        try (Tmux tmux = terminal()) {
            String before = tmux.settings();
            tmux.enter("./tb new -q --reconnect 1 -- vim -u NONE -c 'set mouse=a' x; echo " + STATUS + "$?");
            tmux.until("\"x\" [New");

            hub.signal("KILL");

            tmux.until("termbus: the connection to the hub broke");
            tmux.until(STATUS + "69");
            assertThat(tmux.settings()).isEqualTo(before);
        }
    }

    @Test
    void aHubThatEndsSaysSo() throws Exception {
        try (Tmux tmux = terminal()) {
            String before = tmux.settings();
            tmux.enter("./tb new -q -- vim -u NONE x; echo " + STATUS + "$?");
            tmux.until("\"x\" [New");

            hub.signal("TERM");

            tmux.until("termbus: the hub shuts down");
            tmux.until(STATUS + "69");
            assertThat(tmux.settings()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "QUIT,131", "USR1,138", "USR2,140", "ALRM,142"})
    void aSignalLeavesTheTerminalAsItWas(String signal, int status) throws Exception {
        try (Tmux tmux = terminal()) {
            String before = tmux.settings();
            tmux.enter("sh -c 'echo $$ > pid; exec ./tb new -q -- vim -u NONE x'; echo " + STATUS + "$?");
            tmux.until("\"x\" [New");

            new ProcessBuilder(
                            "kill",
                            "-" + signal,
                            Files.readString(directory.resolve("pid")).strip())
                    .start()
                    .waitFor();

            tmux.until(STATUS + status);
            assertThat(tmux.settings()).isEqualTo(before);
            assertThat(directory.toFile().list()).noneMatch(name -> name.startsWith("hs_err"));
        }
    }

    @Test
    void anArgumentThatIsNotUtf8IsRefused() throws Exception {
        try (Tmux tmux = terminal()) {
            tmux.enter("./tb run -- printf %s \"$(printf 'caf\\351')\"; echo " + STATUS + "$?");
            tmux.until("termbus: argument 'caf\\xe9' is not UTF-8");
            tmux.until(STATUS + "125");

            tmux.enter("clear; V=$(printf '\\351') ./tb new -d --env V; echo " + STATUS + "$?");
            tmux.until("termbus: the variable V is not UTF-8");
            tmux.until(STATUS + "64");

            tmux.enter("clear; V=$(printf '\\303\\251') LC_ALL=C ./tb run --env V -- sh -c 'echo $V'");
            tmux.until("é");
        }
    }

    @Test
    void whoOnlyWatchesSeesAllAndChangesNothing() throws Exception {
        try (Tmux tmux = terminal();
                TcpClient client = TcpClient.connect(hub)) {
            String id = client.shell("echo watch me; cat");
            tmux.enter("./tb attach --read-only " + id);
            tmux.until("watching sh: Ctrl-] or Ctrl-C leaves");
            tmux.until(screen -> screen.equals("watch me"));
            tmux.type("typed by the watcher");
            tmux.press("Enter");

            client.input(id, "typed by the owner\n");

            tmux.until(screen -> screen.equals("watch me\ntyped by the owner\ntyped by the owner"));
            assertThat(info(client, id)).contains(Map.entry("cols", 80), Map.entry("rows", 24));
            tmux.press("C-c");
            tmux.until("[detached from sh");
            assertThat(info(client, id).getString("state")).isEqualTo("running");
        }
    }

    @Test
    void aBrokenConnectionIsReplacedAndTheScreenGoesOnFromThere() throws Exception {
        try (CutProxy proxy = new CutProxy(hub.tcpPort())) {
            Map<String, String> environment = new HashMap<>(CommandLineProcess.environment(hub));
            environment.put("TERMBUS_TCP_PORT", Integer.toString(proxy.port()));
            try (Tmux tmux = Tmux.open(directory, 100, 30, environment)) {
                tmux.enter("./tb new -q -- sh -c 'echo before; exec cat'");
                tmux.until(screen -> screen.equals("before"));
                assertThat(proxy.sent()).doesNotContain("\"from\":");

                proxy.cut();
                Awaitility.await()
                        .atMost(20, TimeUnit.SECONDS)
                        .until(() -> proxy.sent().contains("\"from\":8"));
                tmux.type("after");
                tmux.press("Enter");

                tmux.until(screen -> screen.equals("before\nafter\nafter"));
            }
        }
    }

    @Test
    void theHubAnswersQueriesAndTheTerminalDoesNot() throws Exception {
        String asks = "stty -icanon -echo; printf '\\033[cready'; exec cat -v";
        try (Tmux tmux = terminal();
                TcpClient client = TcpClient.connect(hub)) {
            String id = client.request(
                            Client.HUB,
                            "create",
                            new JsonObject().put("command", List.of("sh", "-c", "read go; " + asks)))
                    .getString("id");
            tmux.enter("./tb attach -q " + id);
            tmux.until(screen -> screen.isEmpty() || screen.equals("\n"));
            client.input(id, "go\n");
            tmux.until(screen -> screen.contains("ready^[[?"));
            client.input(id, "the end");
            tmux.until(screen -> screen.endsWith("the end"));

            assertThat(tmux.screen().split("\\^\\[", -1)).hasSize(2);
        }
    }
}
