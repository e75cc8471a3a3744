package io.termbus.session;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Reads what {@link StateOutput} wrote. Blocks; one thread at a time. */
public final class StateInput implements AutoCloseable {
    /** None is longer, or the length is none. */
    private static final int MAX_BLOCK_BYTES = 1 << 28;

    /** Nothing is started. */
    private static final ChildEnvironment NO_CHILD = new ChildEnvironment(Map.of(), "", List.of());

    private static final int BUFFER_BYTES = 1 << 16;

    private final DataInputStream in;
    private final JsonObject hub;
    private final List<String> sessions;
    private int next;

    /**
     * @param in is closed with it
     * @throws IOException where it cannot be read, or is of a later version; the message is for people
     */
    public StateInput(InputStream in) throws IOException {
        this.in = new DataInputStream(new BufferedInputStream(in, BUFFER_BYTES));
        try {
            if (!Arrays.equals(this.in.readNBytes(StateOutput.HEAD.length), StateOutput.HEAD)) {
                throw new IOException("it is no state of a hub");
            }
            byte[] block = block();
            if (block == null) {
                throw new IOException("its beginning is damaged");
            }
            hub = json(block);
            int format = hub.getInteger("format");
            if (format > StateOutput.FORMAT) {
                throw new IOException("it is of format " + format + ", and this version reads up to "
                        + StateOutput.FORMAT + ": the new program is older than the one that runs");
            }
            JsonArray ids = hub.getJsonArray("sessions");
            sessions = ids.stream().map(String.class::cast).map(KeptSession::id).toList();
        } catch (EOFException e) {
            throw new IOException("it is cut", e);
        } catch (DecodeException | ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new IOException("its beginning cannot be: " + e.getMessage(), e);
        }
    }

    /** Facts of the hub, as they were given to {@link StateOutput}. */
    public JsonObject hub() {
        return hub;
    }

    /** Their ids, oldest first. */
    public List<String> sessions() {
        return sessions;
    }

    /** Reads all sessions as far as that is possible without being their hub; returns how many are whole. */
    public int check() throws IOException {
        int whole = 0;
        while (hasNext()) {
            whole += next().filter(StateInput::canBe).isPresent() ? 1 : 0;
        }
        return whole;
    }

    private static boolean canBe(KeptSession session) {
        try {
            session.id();
            session.spec(NO_CHILD);
            session.held();
            session.pty();
            session.exit();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Whether as many were read as were written down. */
    synchronized boolean hasNext() {
        return next < sessions.size();
    }

    /**
     * Empty: one that is damaged, and those behind it may be whole; or there is none left.
     *
     * @throws IOException where the rest is lost
     */
    synchronized Optional<KeptSession> next() throws IOException {
        if (!hasNext()) {
            return Optional.empty();
        }
        next++;
        try {
            byte[] facts = block();
            byte[] screen = block();
            byte[] output = block();
            return facts == null || screen == null || output == null
                    ? Optional.empty()
                    : Optional.of(new KeptSession(json(facts), screen, output));
        } catch (DecodeException e) {
            return Optional.empty();
        } catch (EOFException e) {
            next = sessions.size();
            throw new IOException("it is cut", e);
        } catch (IOException e) {
            next = sessions.size();
            throw e;
        }
    }

    private static JsonObject json(byte[] bytes) {
        return new JsonObject(Buffer.buffer(bytes));
    }

    /** Null: its bytes are not those that were written. */
    private byte @Nullable [] block() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_BLOCK_BYTES) {
            throw new IOException("it has a block of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return in.readInt() == (int) sum.getValue() ? bytes : null;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
