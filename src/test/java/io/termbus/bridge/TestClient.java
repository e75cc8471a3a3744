package io.termbus.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A client at a connection whose socket is faked. What it receives are whole frames. */
final class TestClient implements Transport {
    static final int TIMEOUT_SECONDS = 10;
    private static final int PREFIX_BYTES = 4;

    final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
    /** Frames that are no JSON. */
    final BlockingQueue<Buffer> binary = new LinkedBlockingQueue<>();

    final CompletableFuture<Void> closed = new CompletableFuture<>();
    final AtomicInteger writes = new AtomicInteger();
    volatile long writtenBytes;
    private final Dialect dialect;
    private final Context context;
    private final List<Promise<Void>> stuck = new ArrayList<>();
    private boolean flushes = true;
    private final AtomicInteger replies = new AtomicInteger();
    final BridgeConnection connection;

    private TestClient(Vertx vertx, BridgeContext hub, Dialect dialect, LongSupplier nanoTime) {
        this.dialect = dialect;
        this.context = vertx.getOrCreateContext();
        this.connection = onLoop(() -> new BridgeConnection(vertx, hub, this, nanoTime, nanoTime));
    }

    static TestClient connect(Vertx vertx, BridgeContext hub, Dialect dialect, Optional<String> token) {
        return connect(vertx, hub, dialect, token, System::nanoTime);
    }

    static TestClient connect(
            Vertx vertx, BridgeContext hub, Dialect dialect, Optional<String> token, LongSupplier nanoTime) {
        TestClient client = new TestClient(vertx, hub, dialect, nanoTime);
        client.run(() -> client.connection.open(token));
        return client;
    }

    /** Writes stay unflushed from now on, as with a peer that does not read. */
    TestClient stopReading() {
        run(() -> flushes = false);
        return this;
    }

    void readOn() {
        run(() -> {
            flushes = true;
            List<Promise<Void>> waiting = List.copyOf(stuck);
            stuck.clear();
            waiting.forEach(Promise::complete);
        });
    }

    void raw(String text) {
        raw(Buffer.buffer(text));
    }

    void raw(Buffer frame) {
        run(() -> connection.received(frame));
    }

    void say(JsonObject message) {
        raw(message.encode());
    }

    void command(String address, String action, JsonObject body) {
        say(message("send", address, action, body));
    }

    /** Sends a command with a reply address and waits for its answer. */
    JsonObject ask(String address, String action, JsonObject body) {
        String replyAddress = "reply-" + replies.incrementAndGet();
        say(message("send", address, action, body).put("replyAddress", replyAddress));
        JsonObject answer = next();
        if (!replyAddress.equals(answer.getString("address"))) {
            throw new AssertionError("not the answer: " + answer);
        }
        return answer;
    }

    void register(String address) {
        say(new JsonObject().put("type", "register").put("address", address));
    }

    void unregister(String address) {
        say(new JsonObject().put("type", "unregister").put("address", address));
    }

    static JsonObject message(String type, String address, String action, JsonObject body) {
        return new JsonObject()
                .put("type", type)
                .put("address", address)
                .put("headers", new JsonObject().put("action", action))
                .put("body", body);
    }

    JsonObject next() {
        try {
            JsonObject frame = received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("nothing received");
            }
            return frame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    void run(Runnable action) {
        onLoop(() -> {
            action.run();
            return true;
        });
    }

    <T> T onLoop(Supplier<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            try {
                result.complete(action.get());
            } catch (RuntimeException | AssertionError e) {
                result.completeExceptionally(e);
            }
        });
        return result.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public Future<Void> write(ByteBuf bytes) {
        Buffer frames = Buffer.buffer(ByteBufUtil.getBytes(bytes));
        writes.incrementAndGet();
        writtenBytes += frames.length();
        int at = 0;
        while (at < frames.length()) {
            int length = dialect.lengthPrefixed() ? frames.getInt(at) : frames.length();
            at += dialect.lengthPrefixed() ? PREFIX_BYTES : 0;
            take(frames.getBuffer(at, at + length));
            at += length;
        }
        if (flushes) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        stuck.add(promise);
        return promise.future();
    }

    private void take(Buffer frame) {
        if (frame.getByte(0) == '{') {
            received.add(frame.toJsonObject());
        } else {
            binary.add(frame);
        }
    }

    @Override
    public void close() {
        closed.complete(null);
    }

    @Override
    public void abort() {
        closed.complete(null);
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String peer() {
        return "test:1";
    }
}
