package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program in docs/embedding.md, as it stands there, with the library alone: nothing of what is optional, nor of tests. */
@Timeout(120)
class EmbeddingIT {
    private static final int MOST_LINES = 60;
    private static final int SECONDS = 60;
    /** Of this test's class path: what the pom marks optional, and tests. */
    private static final Pattern NO_PART = Pattern.compile(
            ".*/(test-classes|(logback|hazelcast|picocli|jline|snakeyaml|junit|assertj|awaitility|archunit|byte-buddy|vertx-junit5"
                    + "|vertx-tcp-eventbus-bridge|vertx-micrometer|micrometer|prometheus-metrics|HdrHistogram|LatencyUtils|spotbugs|vertx-codegen|hamcrest|apiguardian|opentest4j|surefire)[^/]*)");

    @TempDir
    Path work;

    @Test
    void theProgramOfTheDocumentationRuns() throws Exception {
        String source = program();
        assertThat(source.lines().count()).isLessThan(MOST_LINES);
        Process process = run("Shop", source);
        try (BufferedReader out = process.inputReader()) {
            String url = out.readLine();
            assertThat(url).as(Files.readString(work.resolve("err"))).matches("http://127.0.0.1:[0-9]+/terminals/");
            assertThat(untilOutput(out)).contains("1", "2", "3");
            assertThat(status(url, "")).isEqualTo(401);
            assertThat(status(url, "anna:fish")).isEqualTo(200);
            Client anna = new Client(url, "anna:fish");
            assertThat(anna.ask("termbus.hub", "info").getJsonObject("body").getString("role"))
                    .isEqualTo("admin");
            JsonObject refusal = anna.ask("termbus.session." + anna.session(), "kill");
            assertThat(refusal.getString("message")).isEqualTo("action 'kill' is not allowed to anna");
            Client root = new Client(url, "root:bread");
            assertThat(root.ask("termbus.session." + root.session(), "kill").getString("type"))
                    .isEqualTo("rec");
            assertThat(out.lines().filter(line -> line.contains("kind=exit")).findFirst())
                    .isPresent();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(work.resolve(".termbus")).doesNotExist();
    }

    /** In a JVM of its own. */
    private Process run(String name, String source) throws IOException {
        Path file = Files.writeString(work.resolve(name + ".java"), source);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-cp", library(), file.toString()))
                .isZero();
        return new ProcessBuilder(java(), "-cp", work + File.pathSeparator + library(), "-Duser.home=" + work, name)
                .directory(work.toFile())
                .redirectError(work.resolve("err").toFile())
                .start();
    }

    @Test
    void metricsWithoutTheirLibrariesAreRefusedInWords() throws Exception {
        Process process = run("Counting", """
                import io.termbus.*;
                import io.vertx.core.Vertx;
                class Counting {
                    public static void main(String[] none) {
                        Vertx vertx = Vertx.vertx();
                        Termbus.create(vertx, new TermbusOptions().set("metrics.port", 0)).start()
                                .onComplete(done -> System.out.println(done.cause().getMessage()))
                                .onComplete(done -> vertx.close());
                    }
                }
                """);
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine())
                    .isEqualTo("metrics.port takes micrometer-registry-prometheus and vertx-micrometer-metrics on the"
                            + " class path");
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void theLibraryHasNoConfigurationOfTheLogAndTheRunnableJarHas() throws Exception {
        try (JarFile runnable = new JarFile("target/termbus.jar")) {
            assertThat(runnable.getEntry("logback.xml")).isNotNull();
            assertThat(runnable.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo("io.termbus.Main");
        }
        try (JarFile library = new JarFile(libraryJar().toFile())) {
            assertThat(library.getEntry("logback.xml")).isNull();
            assertThat(library.getEntry("io/termbus/Termbus.class")).isNotNull();
            assertThat(library.getEntry("io/termbus/webroot/index.html")).isNotNull();
            assertThat(library.stream().map(entry -> entry.getName())).noneMatch(name -> name.startsWith("io/vertx/"));
        }
    }

    private static Path libraryJar() throws IOException {
        try (var jars = Files.newDirectoryStream(Path.of("target"), "termbus-*[0-9T].jar")) {
            return jars.iterator().next();
        }
    }

    private static String untilOutput(BufferedReader out) throws IOException {
        StringBuilder all = new StringBuilder();
        while (!all.toString().contains("3")) {
            all.append(out.readLine()).append('\n');
        }
        return all.toString();
    }

    private static String program() throws IOException {
        Matcher block = Pattern.compile("^```java\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("docs", "embedding.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private static String library() throws IOException {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("/classes"))
                .filter(entry -> !NO_PART.matcher(entry).matches())
                .collect(
                        Collectors.joining(File.pathSeparator, libraryJar().toAbsolutePath() + File.pathSeparator, ""));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static int status(String url, String user) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!user.isEmpty()) {
            request.header("Authorization", basic(user));
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    /** Speaks the protocol of the bus over a raw WebSocket. */
    private static final class Client implements WebSocket.Listener {
        private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private final WebSocket socket;

        Client(String url, String user) {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Authorization", basic(user))
                    .buildAsync(URI.create(url.replace("http", "ws") + "eventbus/websocket"), this)
                    .join();
        }

        String session() throws InterruptedException {
            return ask("termbus.hub", "list")
                    .getJsonObject("body")
                    .getJsonArray("sessions")
                    .getJsonObject(0)
                    .getString("id");
        }

        JsonObject ask(String address, String action) throws InterruptedException {
            socket.sendText(
                            new JsonObject()
                                    .put("type", "send")
                                    .put("address", address)
                                    .put("headers", new JsonObject().put("action", action))
                                    .put("replyAddress", "reply")
                                    .encode(),
                            true)
                    .join();
            JsonObject answer = frames.poll(SECONDS, TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            return answer;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                frames.add(new JsonObject(part.toString()));
                part.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
