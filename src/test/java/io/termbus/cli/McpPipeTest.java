package io.termbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.cli.process.CommandContext;
import io.termbus.cli.process.Status;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code mcp} with a hub that lets in, lists sessions wrongly, and answers nothing else. */
@Timeout(60)
class McpPipeTest {
    private static final int SECONDS = 20;
    private static final JsonObject NO_LIST = new JsonObject();

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PipedOutputStream lines = new PipedOutputStream();
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    /** What waits for ever. */
    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>();

    private ServerSocket server;
    private CompletableFuture<Integer> status;

    @Command(name = "serve", description = "Runs a hub.")
    private static final class Serve {}

    @BeforeEach
    void start() throws Exception {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        daemon(this::acceptAll);
        CommandContext context = new CommandContext(
                Map.of("HOME", directory.toString(), "TERMBUS_AUTH_TOKEN", "t"),
                directory,
                new PipedInputStream(lines),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8));
        status = new CompletableFuture<>();
        daemon(() -> status.complete(new Cli(context, () -> new CommandLine(new Serve()))
                .run(new String[] {"mcp", "--port", Integer.toString(server.getLocalPort())})));
    }

    @AfterEach
    void stop() throws Exception {
        hubGoes();
        lines.close();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        try {
            while (true) {
                Socket client = server.accept();
                clients.add(client);
                daemon(() -> serve(client));
            }
        } catch (SocketException e) {
            assertThat(server.isClosed()).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket client) {
        try {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream answers = new DataOutputStream(client.getOutputStream());
            while (true) {
                JsonObject frame = new JsonObject(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
                JsonObject answer = answer(frame);
                if (!answer.isEmpty()) {
                    byte[] bytes = answer.encode().getBytes(StandardCharsets.UTF_8);
                    answers.writeInt(bytes.length);
                    answers.write(bytes);
                }
            }
        } catch (EOFException | SocketException e) {
            assertThat(client.isConnected()).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonObject answer(JsonObject frame) {
        if (!frame.containsKey("headers")) {
            return new JsonObject().put("type", "pong");
        }
        String action = frame.getJsonObject("headers").getString("action");
        if (!List.of("login", "info", "list").contains(action)) {
            waiting.add(action);
            return new JsonObject();
        }
        return new JsonObject()
                .put("type", "rec")
                .put("address", frame.getString("replyAddress"))
                .put("body", NO_LIST);
    }

    private void hubGoes() throws IOException {
        server.close();
        for (Socket each : clients) {
            each.close();
        }
    }

    private void call(int id, String tool, JsonObject arguments) throws IOException {
        JsonObject params = new JsonObject().put("name", tool).put("arguments", arguments);
        JsonObject message = new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("method", "tools/call")
                .put("params", params);
        lines.write((message.encode() + "\n").getBytes(StandardCharsets.UTF_8));
        lines.flush();
    }

    private List<JsonObject> answers() {
        return out.toString(StandardCharsets.UTF_8).lines().map(JsonObject::new).toList();
    }

    private static String refusal(JsonObject answer) {
        JsonObject result = answer.getJsonObject("result");
        assertThat(result.getBoolean("isError")).isTrue();
        return result.getJsonArray("content").getJsonObject(0).getString("text");
    }

    @Test
    void whereTheHubGoesCallsAreAnsweredAndTheCommandEndsBeforeItsInput() throws Exception {
        JsonObject session = new JsonObject().put("session", "s");
        call(1, "screen", session);
        call(
                2,
                "wait",
                session.copy()
                        .put("any", JsonArray.of(new JsonObject().put("exit", true)))
                        .put("timeoutMs", 600_000));
        assertThat(List.of(waiting.poll(SECONDS, TimeUnit.SECONDS), waiting.poll(SECONDS, TimeUnit.SECONDS)))
                .containsExactlyInAnyOrder("snapshot", "wait");

        hubGoes();

        assertThat(status.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(Status.UNAVAILABLE);
        assertThat(answers()).extracting(each -> each.getInteger("id")).containsExactlyInAnyOrder(1, 2);
        assertThat(answers()).allSatisfy(each -> assertThat(refusal(each)).startsWith("503: "));
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("termbus: ").hasLineCount(1);
    }

    @Test
    void aCallWhoseAnswerIsNotUnderstoodIsOver() throws Exception {
        for (int round = 1; round <= 2; round++) {
            int answers = round;
            call(1, "list", new JsonObject());
            Awaitility.await().until(() -> answers().size() == answers);
            assertThat(refusal(answers().get(round - 1))).startsWith("500: ");
        }
        lines.close();

        assertThat(status.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(Status.OK);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
