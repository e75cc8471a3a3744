package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.e2e.CommandLineProcess.Result;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code run}: a command's output, input and end pass as if it ran right here. */
@Timeout(120)
class CommandLineRunIT {
    private static final Path NOTHING = Path.of("/dev/null");

    /** Of a shell; what it starts in the background gets no signals of keys. */
    private static final String WAIT_FOR_SIGNALS = "sleep 1000 & while :; do wait; done";

    @TempDir
    static Path directory;

    private static HubProcess hub;

    @BeforeAll
    static void start() throws Exception {
        hub = HubProcess.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
    }

    private static CommandLineProcess running(Path input, String... arguments) throws Exception {
        return CommandLineProcess.start(directory, CommandLineProcess.environment(hub), input, arguments);
    }

    @Test
    void everyByteOfAFastCommandIsPrintedAndItsStatusPasses() throws Exception {
        Result result = CommandLineProcess.run(directory, hub, "run", "sh", "-c", "seq 1 1000000; exit 3");

        String expected =
                IntStream.rangeClosed(1, 1_000_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.bytes().length).isEqualTo(expected.length());
        assertThat(result.out().equals(expected)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"kill -KILL $$,137", "kill -TERM $$,143", "true,0"})
    void aSignalIs128AndItsNumber(String script, int status) throws Exception {
        assertThat(CommandLineProcess.run(directory, hub, "run", "sh", "-c", script)
                        .status())
                .isEqualTo(status);
    }

    /** Of SIGQUIT, which Ctrl-\\ sends, the JVM would print a thread dump into the output. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "QUIT"})
    void whatKeysSendIsTheCommandsToAnswer(String signal) throws Exception {
        String script = "trap 'echo caught; exit 5' " + signal + "; echo ready; " + WAIT_FOR_SIGNALS;
        try (CommandLineProcess run = running(NOTHING, "run", "--", "sh", "-c", script)) {
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> run.out().equals("ready\n"));
            run.signal(signal);

            Result result = run.end();

            assertThat(result.out()).isEqualTo("ready\ncaught\n");
            assertThat(result.err()).isEmpty();
            assertThat(result.status()).isEqualTo(5);
        }
    }

    @Test
    void everyQuitIsPassedOn() throws Exception {
        String script = "n=0; trap 'n=$((n+1)); echo $n; [ $n = 3 ] && exit 7' QUIT; echo 0; " + WAIT_FOR_SIGNALS;
        try (CommandLineProcess run = running(NOTHING, "run", "--", "sh", "-c", script)) {
            for (String seen : List.of("0\n", "0\n1\n", "0\n1\n2\n")) {
                Awaitility.await()
                        .atMost(30, TimeUnit.SECONDS)
                        .until(() -> run.out().equals(seen));
                run.signal("QUIT");
            }

            assertThat(run.end().out()).isEqualTo("0\n1\n2\n3\n");
            assertThat(run.end().status()).isEqualTo(7);
        }
    }

    @Test
    void aSignalThatTheJvmUsesEndsItWithoutAReport() throws Exception {
        try (CommandLineProcess run = running(NOTHING, "run", "--", "sh", "-c", "echo ready; exec sleep 1000")) {
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> run.out().equals("ready\n"));
            run.signal("USR2");

            assertThat(run.end().status()).isEqualTo(128 + 12);
            assertThat(run.end().out()).isEqualTo("ready\n");
            assertThat(run.end().err()).isEmpty();
            assertThat(directory.toFile().list()).noneMatch(name -> name.startsWith("hs_err"));
        }
    }

    @Test
    void sigtermEndsTheSessionToo() throws Exception {
        try (CommandLineProcess run =
                        running(NOTHING, "run", "--name", "doomed", "--", "sh", "-c", "echo ready; exec sleep 1000");
                TcpClient client = TcpClient.connect(hub)) {
            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> run.out().equals("ready\n"));
            run.signal("TERM");

            assertThat(run.end().status()).isEqualTo(128 + 15);
            assertThat(client.request(Client.HUB, "list", new JsonObject()).getJsonArray("sessions").stream()
                            .map(JsonObject.class::cast)
                            .filter(each -> each.getString("name").equals("doomed")))
                    .singleElement()
                    .satisfies(each -> assertThat(each.getString("state")).isEqualTo("exited"));
        }
    }

    @Test
    void everyByteOfTheStandardInputIsPassedOnAndItsEnd() throws Exception {
        byte[] bytes = new byte[20_000_000];
        new Random(1).nextBytes(bytes);
        Path input = Files.write(directory.resolve("random"), bytes);

        try (CommandLineProcess run = running(input, "run", "--", "cat")) {
            Result result = run.end();

            assertThat(result.err()).isEmpty();
            assertThat(Arrays.equals(result.bytes(), bytes)).isTrue();
            assertThat(result.status()).isZero();
        }
        try (CommandLineProcess run = running(input, "run", "--", "sh", "-c", "head -c 3 | wc -c; exit 3")) {
            Result result = run.end();

            assertThat(result.out()).isEqualTo("3\n");
            assertThat(result.err()).isEmpty();
            assertThat(result.status()).isEqualTo(3);
        }
    }

    @Test
    void withoutAStandardInputTheCommandReadsItsEnd() throws Exception {
        String command =
                CommandLineProcess.words("run", "--", "wc", "-c").stream().collect(Collectors.joining("' '", "'", "'"));
        ProcessBuilder closed = new ProcessBuilder("bash", "-c", command + " <&-");
        closed.environment().putAll(CommandLineProcess.environment(hub));
        Process process = closed.redirectErrorStream(true).start();
        try {
            assertThat(process.inputReader().lines()).containsExactly("0");
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\033[c", "\\033Z", "\\005", "\\033[6n", "\\033[?2026$p", "\\033]11;?\\007", "\\033[>q"})
    void nothingIsAnsweredOrEchoed(String query) throws Exception {
        String script = "printf 'a" + query + "b\n'; sleep 0.2; echo end";
        Process plain = new ProcessBuilder("sh", "-c", script).start();

        assertThat(CommandLineProcess.run(directory, hub, "run", "--", "sh", "-c", script)
                        .bytes())
                .isEqualTo(plain.getInputStream().readAllBytes());
    }

    @Test
    void theCommandReadsItsTerminalWhereAskedFor() throws Exception {
        Path input = Files.writeString(directory.resolve("typed"), "hello\n");

        try (CommandLineProcess run = running(input, "run", "--tty", "--", "sh", "-c", "tty >&2; cat")) {
            assertThat(run.end().out()).startsWith("/dev/pts/").endsWith("hello\nhello\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"no-such-program, 127", "/no/such/program, 127", "/etc/passwd, 126", "/usr, 126"})
    void whatCannotBeRunHasTheStatusOfShells(String program, int status) throws Exception {
        Result result = CommandLineProcess.run(directory, hub, "run", "--", program);

        assertThat(result.err()).contains(program);
        assertThat(result.status()).isEqualTo(status);
    }

    @Test
    void aDirectoryThatIsNotThereIsAFaultOfTheCall() throws Exception {
        Result result = CommandLineProcess.run(directory, hub, "run", "--cwd", "/no/such", "--", "true");

        assertThat(result.err()).contains("'cwd'", "/no/such");
        assertThat(result.status()).isEqualTo(125);
    }

    @Test
    void aReaderThatLeavesEndsTheCommand() throws Exception {
        String command = CommandLineProcess.words("run", "--name", "endless", "yes").stream()
                .collect(Collectors.joining("' '", "'", "'"));
        ProcessBuilder pipe = new ProcessBuilder("bash", "-c", command + " 2>&1 | head -2; echo ${PIPESTATUS[0]}");
        pipe.environment().putAll(CommandLineProcess.environment(hub));
        Process process = pipe.redirectErrorStream(true).start();
        try {
            assertThat(process.inputReader().lines()).containsExactly("y", "y", "141");
        } finally {
            process.destroyForcibly();
        }
    }
}
