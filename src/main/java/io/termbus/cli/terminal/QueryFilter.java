package io.termbus.cli.terminal;

import io.termbus.vt.parser.ControlHandler;
import io.termbus.vt.parser.Params;
import io.termbus.vt.parser.VtParser;
import io.termbus.vt.parser.Work;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Removes the queries from a session's output: the hub has answered them, and a terminal that saw them would answer
 * again, into the session. All else passes as it is, or as a {@link Containment} changes it. A sequence is held until
 * the parser says what it is, so output may be cut anywhere. Not thread-safe.
 */
public final class QueryFilter {
    private static final byte ESC = 0x1B;
    private static final byte ENQ = 0x05;
    /** A longer sequence is no query. */
    private static final int MAX_HELD_BYTES = 4096;

    private final Optional<Containment> containment;
    private final Work work = new Work();
    private final VtParser parser = new VtParser(new Decisions(), work);
    private final byte[] held = new byte[MAX_HELD_BYTES];
    private int heldBytes;
    /** The sequence is longer than what is held, and passes as it comes. */
    private boolean passing;
    /** The last ESC ended a string that was removed: an ST goes with it. */
    private boolean stringRemoved;

    private ByteArrayOutputStream passed = new ByteArrayOutputStream();

    public QueryFilter() {
        this(Optional.empty());
    }

    /** @param containment changes the sequences that would outlive the session */
    public QueryFilter(Optional<Containment> containment) {
        this.containment = containment;
    }

    /** Returns what of these bytes, and of those held before, may go to the terminal. */
    public byte[] filter(byte[] bytes) {
        passed = new ByteArrayOutputStream(bytes.length + heldBytes);
        int i = 0;
        while (i < bytes.length) {
            i = bytes[i] == ESC || heldBytes > 0 || passing ? sequence(bytes, i) : text(bytes, i);
        }
        return passed.toByteArray();
    }

    /** Begins anew: what is held is dropped. */
    public void reset() {
        parser.reset();
        heldBytes = 0;
        passing = false;
        stringRemoved = false;
    }

    /** Passes the text up to the next ESC or ENQ, which is a query by itself; returns where to go on. */
    private int text(byte[] bytes, int from) {
        int i = from;
        while (i < bytes.length && bytes[i] != ESC && bytes[i] != ENQ) {
            i++;
        }
        passed.write(bytes, from, i - from);
        return i < bytes.length && bytes[i] == ENQ ? i + 1 : i;
    }

    /** Holds the byte and parses it. An ESC ends what is held, and is the first byte of something new. */
    private int sequence(byte[] bytes, int at) {
        work.begin();
        if (bytes[at] == ESC) {
            stringRemoved = false;
            parser.feed(bytes, at, at + 1);
            release();
            hold(ESC);
        } else {
            hold(bytes[at]);
            parser.feed(bytes, at, at + 1);
        }
        return at + 1;
    }

    private void hold(byte b) {
        if (heldBytes == MAX_HELD_BYTES) {
            release();
            passing = true;
        }
        if (passing) {
            passed.write(b);
        } else {
            held[heldBytes++] = b;
        }
    }

    private void release() {
        passed.write(held, 0, heldBytes);
        heldBytes = 0;
        passing = false;
    }

    private void replace(String other) {
        if (!passing) {
            passed.writeBytes(other.getBytes(StandardCharsets.UTF_8));
            heldBytes = 0;
        }
    }

    private void removeString() {
        stringRemoved = !passing;
        replace("");
    }

    private boolean inSequence() {
        return parser.pending().length > 0;
    }

    /** Prefix, intermediates and final byte of an identifier, such as {@code ?$p}. */
    private static String function(int identifier) {
        byte[] octets = ByteBuffer.allocate(Integer.BYTES).putInt(identifier).array();
        return new String(octets, StandardCharsets.US_ASCII).replace("\0", "");
    }

    /** Decides about what is held once the parser knows it; whatever ends without a decision passes. */
    private final class Decisions implements ControlHandler {
        @Override
        public void printAscii(byte[] bytes, int from, int to) {
            release();
        }

        @Override
        public void print(int[] codePoints, int count) {
            release();
        }

        /** A control within a sequence acts at once, as in a terminal: it goes ahead of the sequence. */
        @Override
        public void execute(int code) {
            if (!passing && (code == ENQ || inSequence())) {
                heldBytes--;
                if (code != ENQ) {
                    passed.write(code);
                }
            }
        }

        @Override
        public void escape(int identifier) {
            if (identifier == 'Z' || identifier == '\\' && stringRemoved) {
                replace("");
            } else if (identifier == 'c') {
                containment.ifPresent(each -> replace(each.reset()));
            }
        }

        @Override
        public void csi(int identifier, Params params) {
            String function = function(identifier);
            if (Queries.csi(function, params)) {
                replace("");
            } else {
                containment.flatMap(each -> each.csi(function, params)).ifPresent(QueryFilter.this::replace);
            }
        }

        @Override
        public void osc(int id, String data) {
            if (Queries.osc(id, data)) {
                removeString();
            } else {
                containment.ifPresent(each -> each.osc(id, data));
            }
        }

        @Override
        public void dcs(int identifier, String data) {
            if (Queries.dcs(function(identifier))) {
                removeString();
            }
        }

        @Override
        public void controlEnded() {
            if (!inSequence()) {
                release();
            }
        }
    }
}
