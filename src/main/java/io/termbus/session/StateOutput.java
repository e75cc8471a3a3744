package io.termbus.session;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Writes down a hub for the program that comes after it: a line that says what it is, then blocks. A block is its length, its
 * bytes and their CRC-32. The first has the facts of the hub in JSON, each three after it are a {@link KeptSession}. Blocks;
 * one thread at a time.
 */
public final class StateOutput implements AutoCloseable {
    /**
     * The version of it. One with another meaning of what is there, or that must not be passed over, has the next number; what
     * may be passed over is just added.
     */
    static final int FORMAT = 1;

    static final byte[] HEAD = "termbus state\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER_BYTES = 1 << 16;

    private final DataOutputStream out;
    private final JsonObject hub;
    private final int format;
    private final Set<Integer> descriptors = new HashSet<>();

    /**
     * @param out is closed with it
     * @param hub facts of the hub
     */
    public StateOutput(OutputStream out, JsonObject hub) {
        this(out, hub, FORMAT);
    }

    StateOutput(OutputStream out, JsonObject hub, int format) {
        this.format = format;
        this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
        this.hub = hub;
    }

    /** Before the first session. @param sessions their ids, oldest first */
    synchronized void begin(List<String> sessions) throws IOException {
        out.write(HEAD);
        block(hub.copy()
                .put("format", format)
                .put("sessions", new JsonArray(sessions))
                .toBuffer()
                .getBytes());
    }

    synchronized void write(KeptSession session) throws IOException {
        session.pty().ifPresent(pty -> {
            descriptors.add(pty.master());
            pty.standardInput().ifPresent(pipe -> descriptors.add(pipe.fd()));
        });
        block(session.facts().toBuffer().getBytes());
        block(session.screen());
        block(session.output());
    }

    /** In place of a session that has ended meanwhile. */
    synchronized void skip() throws IOException {
        for (int i = 0; i < 3; i++) {
            block(new byte[0]);
        }
    }

    /** Those that the sessions need. */
    public synchronized Set<Integer> descriptors() {
        return Set.copyOf(descriptors);
    }

    private void block(byte[] bytes) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeInt((int) sum.getValue());
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
