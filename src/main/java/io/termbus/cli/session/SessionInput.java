package io.termbus.cli.session;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.Refusal;
import io.termbus.cli.process.CliException;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** Sends input to a session, in order and nothing twice. */
public final class SessionInput {
    /** Well below a frame's 1 MiB in base64, and a bound for what is on its way. */
    public static final int PIECE_BYTES = 1 << 16;

    private static final long MIN_RETRY_MILLIS = 20;
    private static final long MAX_RETRY_MILLIS = 500;

    private SessionInput() {}

    /** Sends all of it, piece after piece; waits, without end, while the program does not read. */
    public static void send(HubConnection hub, String session, byte[] bytes, int length) throws CliException {
        for (int from = 0; from < length; from += PIECE_BYTES) {
            sendPiece(hub, session, Arrays.copyOfRange(bytes, from, Math.min(length, from + PIECE_BYTES)));
        }
    }

    private static void sendPiece(HubConnection hub, String session, byte[] piece) throws CliException {
        untilTaken(() -> hub.request(Addresses.session(session), "input", body(piece)));
    }

    /** A request with input that the hub may have no room for. */
    public interface Request {
        JsonObject run() throws CliException;
    }

    /** Asks again, without end, while the hub has no room; returns the answer. */
    public static JsonObject untilTaken(Request request) throws CliException {
        long retryMillis = MIN_RETRY_MILLIS;
        while (true) {
            try {
                return request.run();
            } catch (Refusal e) {
                if (e.code() != Refusal.LIMIT_REACHED) {
                    throw e;
                }
            }
            pause(retryMillis);
            retryMillis = Math.min(MAX_RETRY_MILLIS, 2 * retryMillis);
        }
    }

    public static JsonObject body(byte[] bytes) {
        return new JsonObject().put("base64", Base64.getEncoder().encodeToString(bytes));
    }

    private static void pause(long millis) throws CliException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw CliException.interrupted();
        }
    }
}
