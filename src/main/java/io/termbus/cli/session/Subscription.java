package io.termbus.cli.session;

import io.termbus.cli.hub.ConnectionLost;
import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Base64;
import java.util.Queue;

/**
 * Receives a session's deliveries, hands them to its listener and acks them once they are consumed. All on the reader's
 * thread of the connection, but for {@link #begin}.
 */
public final class Subscription {
    /** Acks go out for so many bytes, or when nothing more is there to read. */
    private static final int ACK_BYTES = 16 << 10;

    /** Consumes deliveries: each method returns when it has consumed what it got. */
    public interface Listener {
        /** The terminal begins anew, in this size. */
        void snapshot(int cols, int rows, byte[] bytes, long offset) throws IOException;

        /** @param offset bytes of output up to the end of these */
        void output(byte[] bytes, long offset) throws IOException;

        default void resized(int cols, int rows) {}

        /** The session is recorded from now on, or no more. */
        default void recorded(boolean on) {}

        /** One of the others failed: what came is lost. */
        void failed(IOException cause);
    }

    private final HubConnection hub;
    private final Listener listener;
    private final Queue<SessionEvent> events;
    private final String subscriber;
    private int unackedBytes;
    private boolean failed;

    private Subscription(HubConnection hub, Listener listener, Queue<SessionEvent> events, String subscriber) {
        this.hub = hub;
        this.listener = listener;
        this.events = events;
        this.subscriber = subscriber;
    }

    /**
     * Attaches; deliveries follow.
     *
     * @param options of {@code attach}
     * @param events gets the session's exit, after its last output, and the end of the subscription or its refusal
     */
    public static void begin(
            HubConnection hub, String session, JsonObject options, Listener listener, Queue<SessionEvent> events)
            throws CliException {
        JsonObject attached =
                hub.request(Addresses.FLOW, "attach", options.copy().put("session", session));
        Subscription subscription = new Subscription(hub, listener, events, attached.getString("subscriber"));
        hub.listen(attached.getString("address"), subscription::received);
    }

    private void received(JsonObject frame) {
        if ("err".equals(frame.getString("type"))) {
            events.add(new SessionEvent.Ended(frame.getString("message", "refused")));
            return;
        }
        if (failed) {
            return;
        }
        try {
            hand(frame, frame.getJsonObject("headers", new JsonObject()));
        } catch (IOException e) {
            failed = true;
            listener.failed(e);
        } catch (ConnectionLost e) {
            // The reader notices, too, and tells.
            failed = true;
        }
    }

    private void hand(JsonObject frame, JsonObject headers) throws IOException, ConnectionLost {
        switch (headers.getString(Headers.KIND, "")) {
            case "snapshot" -> {
                byte[] bytes = bytes(frame);
                listener.snapshot(number(headers, Headers.COLS), number(headers, Headers.ROWS), bytes, offset(headers));
                ack(headers, bytes.length);
            }
            case "output" -> {
                byte[] bytes = bytes(frame);
                listener.output(bytes, offset(headers));
                ack(headers, bytes.length);
            }
            case "resize" -> {
                JsonObject size = frame.getJsonObject("body");
                listener.resized(size.getInteger("cols"), size.getInteger("rows"));
            }
            case "recording" -> listener.recorded(frame.getJsonObject("body").getBoolean("on"));
            case "exit" -> events.add(new SessionEvent.Exited(frame.getJsonObject("body")));
            case "disconnected" -> events.add(end(frame.getJsonObject("body").getString("reason")));
            default -> {
                // A warning, or a kind of a later version.
            }
        }
    }

    /** A hub that restarts is there again in a moment, as after a connection that was lost. */
    private SessionEvent end(String reason) {
        return reason.equals("restarting")
                ? new SessionEvent.Lost(hub, new ConnectionLost("the hub restarts"))
                : new SessionEvent.Ended(reason);
    }

    private void ack(JsonObject headers, int bytes) throws ConnectionLost {
        unackedBytes += bytes;
        if (unackedBytes >= ACK_BYTES || !hub.more()) {
            unackedBytes = 0;
            JsonObject body = new JsonObject()
                    .put("subscriber", subscriber)
                    .put("seq", Long.parseLong(headers.getString(Headers.SEQ)));
            hub.tell(Addresses.FLOW, "ack", body);
        }
    }

    private static byte[] bytes(JsonObject frame) {
        return Base64.getUrlDecoder().decode(frame.getString("body", ""));
    }

    private static int number(JsonObject headers, String name) {
        return Integer.parseInt(headers.getString(name));
    }

    private static long offset(JsonObject headers) {
        return Long.parseLong(headers.getString(Headers.OFFSET));
    }
}
