package io.termbus.security;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client of either bridge that waits for what it wants to see. */
final class Peer {
    private static final int PREFIX_BYTES = 4;

    final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
    private final AtomicInteger replies = new AtomicInteger();
    private Consumer<Buffer> writer;
    private Runnable closer;

    private Peer() {
        this(bytes -> {}, () -> {});
    }

    Peer(Consumer<Buffer> writer, Runnable closer) {
        this.writer = writer;
        this.closer = closer;
    }

    static Peer tcp(Vertx vertx, NetClient client, int port) throws Exception {
        Peer peer = new Peer();
        RunningHub.await(onEventLoop(
                vertx,
                () -> client.connect(port, "127.0.0.1").onSuccess(socket -> {
                    RecordParser parser = RecordParser.newFixed(PREFIX_BYTES);
                    boolean[] inFrame = {false};
                    parser.handler(bytes -> {
                        if (inFrame[0]) {
                            peer.received.add(bytes.toJsonObject());
                        }
                        parser.fixedSizeMode(inFrame[0] ? PREFIX_BYTES : bytes.getInt(0));
                        inFrame[0] = !inFrame[0];
                    });
                    socket.handler(parser);
                    socket.exceptionHandler(failure -> {});
                    socket.closeHandler(done -> peer.closed.complete(true));
                    peer.writer = json -> socket.write(
                                    Buffer.buffer().appendInt(json.length()).appendBuffer(json))
                            .onFailure(failure -> {});
                    peer.closer = () -> socket.close().onFailure(failure -> {});
                })));
        return peer;
    }

    /** From another thread the handlers might be set only when the hub has already spoken, and what it said was lost. */
    static <T> Future<T> onEventLoop(Vertx vertx, Supplier<Future<T>> connect) {
        return Future.future(done -> vertx.runOnContext(now -> connect.get().onComplete(done)));
    }

    static Peer webSocket(Vertx vertx, WebSocketClient client, int port, String path, Map<String, String> headers)
            throws Exception {
        Peer peer = new Peer();
        WebSocketConnectOptions options =
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(path);
        headers.forEach(options::addHeader);
        RunningHub.await(onEventLoop(
                vertx,
                () -> client.connect(options).onSuccess(socket -> {
                    socket.textMessageHandler(text -> {
                        if (text.startsWith("{")) { // a frame of SockJS does not
                            peer.received.add(new JsonObject(text));
                        }
                    });
                    socket.exceptionHandler(failure -> {});
                    socket.closeHandler(done -> peer.closed.complete(true));
                    peer.writer =
                            json -> socket.writeTextMessage(json.toString()).onFailure(failure -> {});
                    peer.closer = () -> socket.close().onFailure(failure -> {});
                })));
        return peer;
    }

    /** What came. */
    void hear(JsonObject frame) {
        received.add(frame);
    }

    void say(JsonObject message) {
        writer.accept(message.toBuffer());
    }

    /** What need not be JSON; as a text message over WebSockets. */
    void raw(Buffer bytes, Bridge bridge) {
        writer.accept(bridge == Bridge.TCP ? bytes : Buffer.buffer(bytes.toString(StandardCharsets.ISO_8859_1)));
    }

    void close() {
        closer.run();
    }

    void login(String token) throws Exception {
        answer(ask("termbus.hub", "login", new JsonObject().put("token", token)));
    }

    /** The body of an answer that must be no error. */
    static JsonObject answer(JsonObject frame) {
        if ("err".equals(frame.getString("type"))) {
            throw new AssertionError("refused: " + frame);
        }
        return frame.getJsonObject("body");
    }

    /** The answer to a command, which may be an {@code err}. */
    JsonObject ask(String address, String action, JsonObject body) throws Exception {
        String replyAddress = "reply-" + replies.incrementAndGet();
        say(message(address, action, body).put("replyAddress", replyAddress));
        return next(frame -> replyAddress.equals(frame.getString("address")));
    }

    JsonObject call(String address, String action, JsonObject body) throws Exception {
        return answer(ask(address, action, body));
    }

    /** The code with which a command is refused. */
    int refusal(String address, String action, JsonObject body) throws Exception {
        JsonObject frame = ask(address, action, body);
        if (!"err".equals(frame.getString("type"))) {
            throw new AssertionError("not refused: " + frame);
        }
        return frame.getInteger("failureCode");
    }

    String create(String... command) throws Exception {
        return call("termbus.hub", "create", new JsonObject().put("command", new JsonArray(List.of(command))))
                .getString("id");
    }

    /** Attaches and listens; the subscriber's id. */
    String attach(String session, String mode) throws Exception {
        JsonObject attached = call(
                "termbus.flow",
                "attach",
                new JsonObject().put("session", session).put("mode", mode));
        say(new JsonObject().put("type", "register").put("address", attached.getString("address")));
        return attached.getString("subscriber");
    }

    static JsonObject message(String address, String action, JsonObject body) {
        return new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("headers", new JsonObject().put("action", action))
                .put("body", body);
    }

    /** The next frame of that kind; others are passed over. */
    JsonObject next(Predicate<JsonObject> wanted) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(RunningHub.SECONDS);
        while (true) {
            JsonObject frame = received.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (frame == null) {
                throw new AssertionError("it did not come");
            }
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    /** The next delivery of that kind. */
    JsonObject delivery(String kind) throws Exception {
        return next(frame -> kind.equals(header(frame, "kind")));
    }

    /** The next frame; empty where the connection closes first, which may take a last frame with it. */
    Optional<JsonObject> nextUnlessClosed() throws Exception {
        CompletableFuture<JsonObject> frame = CompletableFuture.supplyAsync(() -> {
            try {
                while (!closed.isDone()) {
                    JsonObject one = received.poll(50, TimeUnit.MILLISECONDS);
                    if (one != null) {
                        return one;
                    }
                }
                return received.poll();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return Optional.ofNullable(frame.get(RunningHub.SECONDS, TimeUnit.SECONDS));
    }

    void awaitClosed() throws Exception {
        closed.get(RunningHub.SECONDS, TimeUnit.SECONDS);
    }

    private static @Nullable String header(JsonObject frame, String name) {
        JsonObject headers = frame.getJsonObject("headers");
        return headers == null ? null : headers.getString(name);
    }
}
