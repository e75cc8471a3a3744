package io.termbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.cli.process.CommandContext;
import io.termbus.cli.process.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Commands without a hub: what goes wrong, help and completion. */
@Timeout(60)
class CliTest {
    @TempDir
    Path directory;

    private final Map<String, String> environment = new TreeMap<>(Map.of("TERMBUS_AUTH_TOKEN", "of-the-environment"));
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Command(name = "serve", description = "Runs a hub.")
    private static final class Serve {}

    private int run(String... args) {
        environment.putIfAbsent("HOME", directory.toString());
        CommandContext context = new CommandContext(
                environment,
                directory,
                new ByteArrayInputStream(new byte[0]),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Cli(context, () -> new CommandLine(new Serve())).run(args);
    }

    private String problem() {
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        String text = err.toString(StandardCharsets.UTF_8);
        assertThat(text).startsWith("termbus: ").endsWith("\n").hasLineCount(1);
        return text;
    }

    /** A port where nobody listens. */
    private static String closedPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(taken.getLocalPort());
        }
    }

    @Test
    void withoutAHubALineSaysHowToStartOne() throws Exception {
        assertThat(run("ls", "--port", closedPort())).isEqualTo(Status.UNAVAILABLE);

        assertThat(problem()).contains("no hub at 127.0.0.1:", "start one (java -jar termbus.jar)");
    }

    @Test
    void theVariablesOfTheHubsOwnSettingsSayWhereItIs() throws Exception {
        environment.put("TERMBUS_TCP_PORT", closedPort());
        environment.put("TERMBUS_TCP_HOST", "0.0.0.0");

        run("ls");

        assertThat(problem()).contains("no hub at 127.0.0.1:" + environment.get("TERMBUS_TCP_PORT"));
    }

    @Test
    void aPortThatWasLeftToTheHubCannotBeGuessed() {
        environment.put("TERMBUS_TCP_PORT", "0");

        assertThat(run("ls")).isEqualTo(Status.USAGE);

        assertThat(problem()).contains("give --port, as tcp= in the hub's ready line");
    }

    @Test
    void aSocketThatIsNotThereIsNamed() {
        environment.put("TERMBUS_TCP_SOCKET", "of-nobody");

        assertThat(run("ls")).isEqualTo(Status.UNAVAILABLE);

        assertThat(problem()).contains("no hub at " + directory.resolve("of-nobody"));
    }

    @Test
    void withoutATokenALineSaysWhereItWasLookedFor() {
        environment.remove("TERMBUS_AUTH_TOKEN");

        assertThat(run("ls")).isEqualTo(Status.CONFIG);

        assertThat(problem())
                .contains("no token: " + directory.resolve(".termbus/token") + " does not exist", "--token-file");
    }

    @Test
    void aFileWithoutATokenIsNamed() throws Exception {
        Files.writeString(directory.resolve("empty"), "\n");

        assertThat(run("ls", "--token-file", "empty")).isEqualTo(Status.CONFIG);

        assertThat(problem()).contains(directory.resolve("empty") + " holds no token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 400 Bad Request|that port speaks HTTP; give the hub's TCP port",
                "'\u0015\u0003\u0003\u0000\u0002\u0002\u0028'|that port speaks TLS; give --tls",
                "220 mail.example.org ESMTP|what is there is no hub, it says '220 mail.example.org ESMTP'; give",
                "'SSH-2.0-OpenSSH_9.2\r\n'|that port speaks SSH; give the hub's TCP port",
                "<html><head><title>400 Bad Request|that port speaks HTTP; give the hub's TCP port",
                "'\u00ff\u00fb\u0001\u00ff\u00fb\u0003'|what is there is no hub; give",
            })
    void anotherServerIsToldFromAHub(String greeting, String words) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write(greeting.getBytes(StandardCharsets.ISO_8859_1));
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            assertThat(run("ls", "--port", Integer.toString(server.getLocalPort())))
                    .isEqualTo(Status.PROTOCOL);
            served.get(20, TimeUnit.SECONDS);
        }
        assertThat(problem()).contains(words);
    }

    /** What a server of lines or of HTTP waits for is in the first frame; the token is not. */
    @Test
    void theTokenIsNotSentToWhatIsNoHub() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> {
                try (Socket client = server.accept()) {
                    StringBuilder text = new StringBuilder();
                    while (!text.toString().endsWith("\r\n\r\n")) {
                        text.append((char) client.getInputStream().read());
                    }
                    client.getOutputStream().write("-ERR unknown command\r\n".getBytes(StandardCharsets.US_ASCII));
                    return text.append(new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                            .toString();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });

            assertThat(run("ls", "--port", Integer.toString(server.getLocalPort())))
                    .isEqualTo(Status.PROTOCOL);
            assertThat(heard.get(20, TimeUnit.SECONDS)).contains("ping").doesNotContain("of-the-environment");
        }
        assertThat(problem()).contains("'-ERR unknown command'");
    }

    @Test
    void aPortThatSaysNothingIsToldAfterSeconds() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("ls", "--port", Integer.toString(silent.getLocalPort())))
                    .isEqualTo(Status.UNAVAILABLE);
        }
        assertThat(problem()).contains("no answer within 15 s", "--port", "--tls-ca");
    }

    @ParameterizedTest
    @CsvSource({"lsx, ls", "list, ls", "atach, attach", "server, serve", "watch, watch-warnings"})
    void aMisspeltCommandIsToldWithTheNearest(String written, String meant) {
        assertThat(Cli.unknown(written))
                .contains("no command '" + written + "', the nearest is '" + meant + "'; 'help' shows them");
    }

    /** It may be a secret. */
    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "--token", "sE-cret_of_more_than_a_few_letters", "a b", ""})
    void whatIsNoWordIsNotRepeated(String written) {
        assertThat(Cli.unknown(written)).isEmpty();
    }

    @Test
    void aMisspeltOptionIsToldWithTheNearestAndWithoutItsValue() {
        assertThat(run("ls", "--prot=7001")).isEqualTo(Status.USAGE);

        assertThat(problem()).isEqualTo("termbus: unknown option '--prot', the nearest is --port; see 'help ls'\n");
    }

    @Test
    void aPortThatIsOfAServiceIsNotTheHubs() throws Exception {
        environment.put("TERMBUS_TCP_PORT", "tcp://10.96.0.12:7000");

        run("ls", "--host", "127.0.0.1", "--json");

        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("tcp://");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls surplus",
                "ls --no-such-option",
                "ls --port x",
                "kill",
                "resize a b c",
                "attach",
                "ls --socket s --port 1",
                "ls --tls-cert c",
                "completion tcsh",
                "help nothing",
                "send",
                "keys s",
                "wait",
                "wait s --timeout x",
                "wait s --command x",
                "commands",
                "output s x",
            })
    void wrongArgumentsTakeOneLine(String line) {
        assertThat(run(line.split(" "))).isEqualTo(Status.USAGE);

        problem();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "run --no-such-option x",
                "run --port 0 true",
                "run --token-file gone true",
                "exec s",
                "exec --timeout x s true"
            })
    void whatRunItselfDoesWrongIs125(String line) {
        assertThat(run(line.split(" "))).isEqualTo(Status.RUN_FAILED);

        problem();
    }

    @Test
    void helpListsEveryCommandAndServe() {
        assertThat(run("help")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains(
                        "serve",
                        "new",
                        "attach",
                        "run",
                        "ls",
                        "screen",
                        "send",
                        "keys",
                        "wait",
                        "watch-warnings",
                        "completion");
    }

    @Test
    void aFileIsPlayedAndAsksTheTerminalNothing() throws IOException {
        Path cast = directory.resolve("some.cast");
        Files.writeString(
                cast,
                "{\"version\":2,\"width\":80,\"height\":24}\n[0.01,\"o\",\"one\\u001b[c\"]\n"
                        + "[50000,\"o\",\"\\u001b[1mtwo\\u001b]52;c;?\\u0007\"]\n# a comment\n[50001,\"i\",\"typed\"]\n[50001,\"o\",\"torn");

        assertThat(run("play", "--idle", "0.01", "--speed", "2", cast.toString()))
                .isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("one\033[1mtwo");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aFileIsPlayedFromASecondOn() throws IOException {
        Path cast = directory.resolve("some.cast");
        Files.writeString(
                cast,
                "{\"version\":3,\"term\":{\"cols\":80,\"rows\":24}}\n[3000,\"o\",\"before\"]\n[0.01,\"o\",\" after\"]\n");

        assertThat(run("play", "--at", "3000", "some.cast")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("before after");
    }

    @Test
    void whatIsNoRecordingIsNotPlayed() throws IOException {
        Files.writeString(directory.resolve("text"), "hello\n");

        assertThat(run("play", "text")).isEqualTo(78);
        assertThat(problem()).contains("text is no recording");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--speed=0", "--speed=-1", "--speed=fast", "--at=-1", "--idle=1e9", "--at=1,5"})
    void aNumberOfPlayIsANumber(String option) throws IOException {
        Files.writeString(directory.resolve("text"), "");

        assertThat(run("play", option, "text")).isEqualTo(64);
        problem();
    }
}
