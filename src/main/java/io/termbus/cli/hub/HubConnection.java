package io.termbus.cli.hub;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the hub, logged in. Any thread may send; answers and deliveries are read by a thread of
 * its own, and what listens to deliveries runs there, so it must not wait for an answer.
 */
public final class HubConnection implements Closeable {
    /** The hub answers within 30 s or says that it cannot. */
    private static final long ANSWER_SECONDS = 40;

    /** After that it closes a connection without a login. */
    private static final long LOGIN_SECONDS = 10;

    /** A hub's event loop is never held up for so long, on a busy machine neither. */
    private static final long HELLO_SECONDS = 15;

    /**
     * A ping that other servers answer, too, at once: to HTTP it is a wrong request with an end, to protocols of lines
     * a wrong line. To a hub the line ends are white space after the JSON.
     */
    private static final byte[] HELLO = Frames.encode("{\"type\":\"ping\"}\r\n\r\n");

    private final Wire wire;
    private final Frames frames;
    private final Map<String, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonObject>> listeners = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();
    private final CompletableFuture<CliException> end = new CompletableFuture<>();
    private final KeepAlive keepAlive = new KeepAlive(this);
    /** The other side has answered as a hub does. */
    private final CompletableFuture<JsonObject> greeted = new CompletableFuture<>();

    private HubConnection(Wire wire) {
        this.wire = wire;
        this.frames = new Frames(keepAlive.hearing(wire.in()));
    }

    /** Takes the wire over and logs in. The token is not sent before what is there has answered as a hub. */
    static HubConnection open(Wire wire, String token) throws CliException {
        HubConnection connection = new HubConnection(wire);
        Thread reader = new Thread(connection::readAll, "termbus-reader");
        reader.setDaemon(true);
        reader.start();
        try {
            connection.send(HELLO);
            await(connection.greeted, HELLO_SECONDS);
            await(connection.ask(Addresses.HUB, "login", new JsonObject().put("token", token)), LOGIN_SECONDS);
            return connection;
        } catch (CliException e) {
            connection.close();
            // What was read says more than that nothing can be written.
            CliException end = connection.end().join();
            throw end instanceof ConnectionLost ? e : end;
        }
    }

    /**
     * Notices, from now on, also an end of the connection that the network does not tell.
     *
     * @param ended told why the connection ended, once it has
     */
    public void watch(Consumer<CliException> ended) {
        end.thenAccept(ended);
        keepAlive.start();
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @throws Refusal where the hub answers with an error
     */
    public JsonObject request(String address, String action, JsonObject body) throws CliException {
        return request(address, action, body, Duration.ZERO);
    }

    /** The same where the answer may take longer, by so much. */
    public JsonObject request(String address, String action, JsonObject body, Duration longer) throws CliException {
        return await(ask(address, action, body), ANSWER_SECONDS + longer.toSeconds());
    }

    /** Sends a request; the answer or a {@link CliException} comes later, on the reader's thread. */
    public CompletableFuture<JsonObject> ask(String address, String action, JsonObject body) throws ConnectionLost {
        String replyAddress = "reply-" + requests.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        waiting.put(replyAddress, answer);
        send(message(address, action, body).put("replyAddress", replyAddress));
        if (end.isDone()) {
            failWaiting();
        }
        return answer;
    }

    private static JsonObject await(CompletableFuture<JsonObject> answer, long seconds) throws CliException {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CliException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new ConnectionLost("no answer within " + seconds + " s");
        } catch (InterruptedException e) {
            throw CliException.interrupted();
        }
    }

    /** Sends a request that nobody waits for. */
    public void tell(String address, String action, JsonObject body) throws ConnectionLost {
        send(message(address, action, body));
    }

    /** Listens at the address, on the reader's thread. A refusal comes as {@code err} to the listener too. */
    public void listen(String address, Consumer<JsonObject> listener) throws ConnectionLost {
        listeners.put(address, listener);
        send(new JsonObject().put("type", "register").put("address", address));
    }

    /** Completes with the reason when the connection has ended. */
    CompletableFuture<CliException> end() {
        return end;
    }

    /** Returns whether the reader's thread will at once find more to read. */
    public boolean more() {
        try {
            return frames.more();
        } catch (IOException e) {
            return false;
        }
    }

    void ping() throws ConnectionLost {
        send(new JsonObject().put("type", "ping"));
    }

    /** Ends it as if the network had told. */
    void giveUp(String why) {
        finish(new ConnectionLost(why));
    }

    @Override
    public void close() {
        finish(new ConnectionLost("the connection was closed"));
    }

    private static JsonObject message(String address, String action, JsonObject body) {
        return new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("headers", new JsonObject().put(Headers.ACTION, action))
                .put("body", body);
    }

    private void send(JsonObject message) throws ConnectionLost {
        send(Frames.encode(message.encode()));
    }

    private void send(byte[] frame) throws ConnectionLost {
        try {
            synchronized (wire) {
                wire.out().write(frame);
                wire.out().flush();
            }
        } catch (IOException e) {
            throw new ConnectionLost("the connection to the hub broke: " + Frames.reason(e));
        }
    }

    private void readAll() {
        try {
            while (!end.isDone()) {
                keepAlive.reading();
                JsonObject frame = frames.next();
                keepAlive.handling();
                handle(frame);
            }
        } catch (IOException e) {
            finish(new ConnectionLost("the connection to the hub broke: " + Frames.reason(e)));
        } catch (CliException e) {
            finish(e);
        } catch (RuntimeException e) {
            finish(new CliException(Status.SOFTWARE, "a frame of the hub is not understood: " + e));
        }
    }

    private void handle(JsonObject frame) {
        @Nullable String address = frame.getString("address");
        boolean error = "err".equals(frame.getString("type"));
        CompletableFuture<JsonObject> answer = address == null ? null : waiting.remove(address);
        if (answer != null && error) {
            answer.completeExceptionally(refusal(frame));
        } else if (answer != null) {
            answer.complete(frame.getJsonObject("body", new JsonObject()));
        } else if (address != null && listeners.containsKey(address)) {
            listeners.get(address).accept(frame);
        } else if (error && address == null) {
            finish(refusal(frame));
        } else if ("pong".equals(frame.getString("type"))) {
            greeted.complete(frame);
        }
    }

    public static Refusal refusal(JsonObject error) {
        return new Refusal(error.getInteger("failureCode", 500), error.getString("message", "refused"));
    }

    /** The first reason counts. */
    private void finish(CliException why) {
        boolean first = end.complete(why);
        greeted.completeExceptionally(end.join());
        failWaiting();
        keepAlive.stop();
        try {
            if (first) {
                wire.close();
            }
        } catch (IOException e) {
            // It is over either way.
            return;
        }
    }

    private void failWaiting() {
        for (String each : waiting.keySet()) {
            CompletableFuture<JsonObject> answer = waiting.remove(each);
            if (answer != null) {
                answer.completeExceptionally(end.join());
            }
        }
    }
}
