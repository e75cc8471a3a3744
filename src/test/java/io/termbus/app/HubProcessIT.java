package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.Main;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hub as a process, from its start to its end. */
@Timeout(60)
class HubProcessIT {
    private static final Pattern READY = Pattern.compile("Termbus ready http=127\\.0\\.0\\.1:(?<http>\\d+)"
            + " tcp=127\\.0\\.0\\.1:(?<tcp>\\d+) url=http://127\\.0\\.0\\.1:\\k<http>/\\?token=(?<token>\\S+)");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void itSaysOnceWhereItListensAndEndsWithStatus0(String signal) throws Exception {
        try (ForkedJava hub = hub()) {
            Matcher ready = ready(hub);
            connect(ready.group("http"));
            connect(ready.group("tcp"));
            hub.signal(signal);

            assertThat(hub.exitCode()).isZero();
            assertThat(hub.rest()).isEmpty();
        }
    }

    @Test
    void theTokenIsKeptAcrossStartsAndNeverLogged() throws Exception {
        List<String> tokens = new ArrayList<>();
        for (int start = 0; start < 2; start++) {
            try (ForkedJava hub = hub("serve")) {
                tokens.add(ready(hub).group("token"));
                hub.signal("TERM");
                assertThat(hub.exitCode()).isZero();
                assertThat(hub.stderr()).contains("the hub has ended").doesNotContain(tokens.get(0));
            }
        }
        assertThat(tokens.get(1)).isEqualTo(tokens.get(0));
        assertThat(Files.readString(directory.resolve("home/token")).strip()).isEqualTo(tokens.get(0));
    }

    @Test
    void theAuditFileTellsOfLoginsAndTheTokenIsNeitherThereNorInTheListOfProcesses() throws Exception {
        Path file = directory.resolve("audit.log");
        Map<String, String> more = Map.of("TERMBUS_AUTH_TOKEN", "a-token-of-the-environment");
        try (ForkedJava hub = hub(more, "--set", "audit.file=" + file)) {
            Matcher ready = ready(hub);
            login(ready.group("tcp"), "a-token-that-is-wrong");
            login(ready.group("tcp"), ready.group("token"));
            for (String token : List.of("a-token-that-is-wrong", ready.group("token"))) {
                get(ready.group("http"), "/?token=" + token, "");
                get(ready.group("http"), "/eventbus/000/abc/none?token=" + token, "Cookie: termbus_token=" + token);
                get(ready.group("http"), "/eventbus/websocket?token=" + token, "Cookie: termbus_token=" + token);
            }

            assertThat(ready.group("token")).isEqualTo("a-token-of-the-environment");
            assertThat(processes()).contains(file.toString()).doesNotContain(ready.group("token"));
            hub.signal("TERM");
            assertThat(hub.exitCode()).isZero();
            assertThat(hub.stderr()).doesNotContain(ready.group("token"), "a-token-that-is-wrong");
        }
        assertThat(Files.readAllLines(file))
                .hasSize(4)
                .allSatisfy(line ->
                        assertThat(new JsonObject(line).getString("event")).isEqualTo("login"))
                .noneMatch(line -> line.contains("a-token"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    /** Waits for the answer. */
    private static void login(String port, String token) throws IOException {
        byte[] message = new JsonObject()
                .put("type", "send")
                .put("address", "termbus.hub")
                .put("headers", new JsonObject().put("action", "login"))
                .put("body", new JsonObject().put("token", token))
                .put("replyAddress", "r")
                .toBuffer()
                .getBytes();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(message.length);
            out.write(message);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readFully(new byte[in.readInt()]);
        }
    }

    /** Waits for the whole answer, which shows no token. */
    private static void get(String port, String path, String header) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + (header.isEmpty() ? "" : header + "\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer.replaceFirst("(?im)^set-cookie:.*$", ""))
                    .startsWith("HTTP/1.1")
                    .doesNotContain("a-token");
        }
    }

    private static String processes() throws IOException {
        Process ps = new ProcessBuilder("ps", "-ewwo", "args").start();
        return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void settingsComeFromTheFileOfTheWorkingDirectory() throws Exception {
        Files.createDirectory(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/termbus.yaml"), "auth: {token: of-the-file-0123}\n");
        try (ForkedJava hub = hub()) {
            assertThat(ready(hub).group("token")).isEqualTo("of-the-file-0123");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "tcp"})
    void aPortInUseIsNamedWithStatus69(String listener) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ForkedJava hub = hub("--set", listener + ".port=" + taken.getLocalPort())) {
            assertThat(hub.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
            assertThat(hub.stderr())
                    .startsWith("termbus: cannot listen on ")
                    .contains(listener + ".port", "127.0.0.1:" + taken.getLocalPort())
                    .contains("by process " + ProcessHandle.current().pid() + " (")
                    .endsWith("give another port by --set " + listener + ".port=PORT, 0 for any free one\n");
            assertThat(hub.rest()).isEmpty();
        }
    }

    @Test
    void aSocketInUseIsNamedWithStatus69() throws Exception {
        Path path = directory.resolve("socket");
        try (ServerSocketChannel taken = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            taken.bind(UnixDomainSocketAddress.of(path));
            try (ForkedJava hub = hub("--set", "tcp.socket=" + path)) {
                assertThat(hub.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
                assertThat(hub.stderr())
                        .isEqualTo("termbus: cannot listen on " + path + " (tcp.socket): another process listens there;"
                                + " end it, or give another path by --set tcp.socket=PATH\n");
                assertThat(hub.rest()).isEmpty();
            }
        }
    }

    @Test
    void wrongSettingsEndItWithStatus78() throws Exception {
        try (ForkedJava hub = hub("--set", "flow.maxDeliveryBytes=1")) {
            assertThat(hub.exitCode()).isEqualTo(78);
            assertThat(hub.stderr()).contains("flow.maxDeliveryBytes = 1 (--set): allowed is");
            assertThat(hub.rest()).isEmpty();
        }
    }

    @Test
    void sharesThatAreNoneEndItWithStatus78() throws Exception {
        Path home = Files.createDirectory(directory.resolve("damaged"));
        Files.writeString(home.resolve("shares.json"), "[null]");
        try (ForkedJava hub = hub("--set", "home=" + home)) {
            assertThat(hub.exitCode()).isEqualTo(78);
            assertThat(hub.stderr())
                    .contains("shares.json is damaged; delete it")
                    .doesNotContain("\tat ");
            assertThat(hub.rest()).isEmpty();
        }
    }

    /** On free ports, logging as much as there is. */
    private ForkedJava hub(String... options) throws IOException {
        return hub(Map.of(), options);
    }

    private ForkedJava hub(Map<String, String> more, String... options) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "TERMBUS_HOME", directory.resolve("home").toString(),
                "TERMBUS_HTTP_PORT", "0",
                "TERMBUS_TCP_PORT", "0",
                "TERMBUS_LOG_LEVEL", "TRACE"));
        environment.putAll(more);
        return new ForkedJava(directory, environment, Main.class, options);
    }

    private static Matcher ready(ForkedJava hub) throws IOException {
        Matcher ready = READY.matcher(hub.line());
        assertThat(ready.matches()).isTrue();
        return ready;
    }

    private static void connect(String port) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port)).close();
    }
}
