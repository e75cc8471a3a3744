package io.termbus.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the queries out of a session's output: the hub has answered them, and a terminal that saw them
 * would answer again, into the session. A sequence is held until it is clear what it is, so output may be
 * cut anywhere. All else passes as it is, or as a {@link Containment} has it. Not thread-safe.
 */
public final class QueryFilter {
    private static final int ESC = 0x1B;
    private static final int BEL = 0x07;
    private static final int ENQ = 0x05;
    private static final int CAN = 0x18;
    private static final int SUB = 0x1A;

    /** A longer beginning of a sequence is no query. */
    private static final int MAX_HEAD_BYTES = 128;
    /** A longer setting of colours or of the clipboard is no query. */
    private static final int MAX_STRING_BYTES = 4096;

    /** Codes of OSC that set the title. */
    private static final Set<String> TITLES = Set.of("0;", "2;");

    private enum State {
        TEXT,
        ESCAPE,
        CSI,
        DCS,
        OSC_CODE,
        OSC_HELD,
        STRING,
        DROPPED_STRING
    }

    private final Optional<Containment> containment;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private State state = State.TEXT;
    /** In a string: the byte before was ESC. */
    private boolean escaped;

    public QueryFilter() {
        this(Optional.empty());
    }

    /** @param containment what decides about sequences that would outlive the session */
    public QueryFilter(Optional<Containment> containment) {
        this.containment = containment;
    }

    /** What of these bytes, and of those held before, may go to the terminal. */
    public byte[] filter(byte[] bytes) {
        passed = new ByteArrayOutputStream(bytes.length + MAX_HEAD_BYTES);
        for (byte each : bytes) {
            next(each & 0xFF);
        }
        return passed.toByteArray();
    }

    /** The stream begins anew: what is held is dropped. */
    public void reset() {
        held.reset();
        state = State.TEXT;
        escaped = false;
    }

    private void next(int b) {
        switch (state) {
            case TEXT -> text(b);
            case ESCAPE -> escape(b);
            case CSI -> csi(b);
            case DCS -> dcs(b);
            case OSC_CODE -> oscCode(b);
            case OSC_HELD -> oscHeld(b);
            case STRING, DROPPED_STRING -> string(b);
        }
    }

    private void text(int b) {
        if (b == ESC) {
            hold(b, State.ESCAPE);
        } else if (b != ENQ) {
            passed.write(b);
        }
    }

    private void escape(int b) {
        held.write(b);
        switch (b) {
            case '[' -> state = State.CSI;
            case ']' -> state = State.OSC_CODE;
            case 'P' -> state = State.DCS;
            case 'X', '^', '_' -> release(State.STRING);
            case 'Z' -> drop(State.TEXT);
            case 'c' -> replace(containment.map(Containment::reset));
            case ESC -> restart();
            default -> {
                // ESC with intermediates, such as a character set: no query, and what follows is plain enough.
                release(State.TEXT);
            }
        }
    }

    /** An ESC ends what was held and begins something new. */
    private void restart() {
        byte[] before = held.toByteArray();
        passed.write(before, 0, before.length - 1);
        held.reset();
        hold(ESC, State.ESCAPE);
    }

    private void csi(int b) {
        held.write(b);
        if (b == ESC) {
            restart();
        } else if (b == CAN || b == SUB || held.size() > MAX_HEAD_BYTES) {
            release(State.TEXT);
        } else if (b >= 0x40 && b <= 0x7E) {
            if (Queries.csi(heldText())) {
                drop(State.TEXT);
            } else {
                replace(containment.map(each -> each.csi(heldText())));
            }
        }
    }

    private void dcs(int b) {
        held.write(b);
        if (b == ESC) {
            restart();
        } else if (b == CAN || b == SUB) {
            release(State.TEXT);
        } else if (b >= 0x40 && b <= 0x7E && Queries.dcs(heldText())) {
            drop(State.DROPPED_STRING);
        } else if (b >= 0x40 && b <= 0x7E || held.size() > MAX_HEAD_BYTES) {
            release(State.STRING);
        }
    }

    private void oscCode(int b) {
        if (b == ESC) {
            releaseToEscapedString();
            return;
        }
        held.write(b);
        if (b >= '0' && b <= '9' && held.size() < MAX_HEAD_BYTES) {
            return;
        }
        if (b == ';' && heldText().equals("7;")) {
            containment.ifPresent(Containment::moved);
        }
        boolean title = containment.isPresent() && TITLES.contains(heldText());
        if (b == ';' && (title || Queries.oscMayAsk(heldText()))) {
            state = State.OSC_HELD;
        } else {
            release(b == BEL || b == CAN || b == SUB ? State.TEXT : State.STRING);
        }
    }

    private void oscHeld(int b) {
        if (escaped && b != '\\') {
            restartWith(b);
            return;
        }
        held.write(b);
        if (b == BEL || b == '\\' && escaped) {
            String text = heldText();
            if (isTitle(text)) {
                String content = Queries.withoutEnd(text.substring(text.indexOf(';') + 1));
                containment.ifPresent(each -> each.titled(content));
                release(State.TEXT);
            } else if (Queries.osc(text)) {
                drop(State.TEXT);
            } else {
                release(State.TEXT);
            }
        } else if (b == CAN || b == SUB) {
            release(State.TEXT);
        } else if (b == ESC) {
            escaped = true;
        } else if (held.size() > MAX_STRING_BYTES) {
            release(State.STRING);
        }
    }

    /** A string that ends by another sequence than ST: that one is looked at by itself. */
    private void restartWith(int b) {
        byte[] before = held.toByteArray();
        passed.write(before, 0, before.length - 1);
        drop(State.TEXT);
        hold(ESC, State.ESCAPE);
        next(b);
    }

    /** An ESC is not passed before it is clear whether it ends the string or begins another sequence. */
    private void string(int b) {
        boolean dropping = state == State.DROPPED_STRING;
        if (escaped && b != '\\') {
            drop(State.TEXT);
            hold(ESC, State.ESCAPE);
            next(b);
        } else if (escaped) {
            pass(dropping, ESC);
            pass(dropping, b);
            drop(State.TEXT);
        } else if (b == ESC) {
            escaped = true;
        } else {
            pass(dropping, b);
            if (b == BEL || b == CAN || b == SUB) {
                state = State.TEXT;
            }
        }
    }

    private void pass(boolean dropping, int b) {
        if (!dropping) {
            passed.write(b);
        }
    }

    private static boolean isTitle(String osc) {
        return TITLES.stream().anyMatch(osc::startsWith);
    }

    /** Passes that instead of what is held; empty: what is held. */
    private void replace(Optional<String> other) {
        if (other.isPresent()) {
            passed.writeBytes(other.get().getBytes(StandardCharsets.ISO_8859_1));
            drop(State.TEXT);
        } else {
            release(State.TEXT);
        }
    }

    private void releaseToEscapedString() {
        release(State.STRING);
        escaped = true;
    }

    private void hold(int b, State next) {
        held.write(b);
        state = next;
    }

    private void release(State next) {
        passed.writeBytes(held.toByteArray());
        drop(next);
    }

    private void drop(State next) {
        held.reset();
        state = next;
        escaped = false;
    }

    /** Without the ESC and the byte after it. */
    private String heldText() {
        return held.toString(StandardCharsets.ISO_8859_1).substring(2);
    }
}
