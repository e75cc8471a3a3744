package io.termbus.vt.parser;

/**
 * The state machine. Feeding is incremental and cutting the stream anywhere changes nothing. Memory is
 * bounded by {@link #STRING_LIMIT} and {@link #SEQUENCE_LIMIT}. Not thread safe.
 */
public final class VtParser {
    /** Bytes kept of an OSC or DCS string; a longer one is dropped up to its terminator. */
    public static final int STRING_LIMIT = 256 * 1024;

    /** Bytes kept of an escape or control sequence as it came; a longer one is kept in canonical form. */
    static final int SEQUENCE_LIMIT = 512;

    private enum State {
        GROUND,
        ESCAPE,
        ESCAPE_INTERMEDIATE,
        CSI_ENTRY,
        CSI_PARAM,
        CSI_INTERMEDIATE,
        CSI_IGNORE,
        SOS_PM_APC,
        OSC,
        DCS_ENTRY,
        DCS_PARAM,
        DCS_IGNORE,
        DCS_INTERMEDIATE,
        DCS_PASSTHROUGH
    }

    /** ESC ], and OSC in UTF-8. */
    private static final int INTRODUCER_BYTES = 2;

    /** Printable bytes handed on at once: each may cost a row of a thousand cells. */
    private static final int RUN_BYTES = 1024;

    /** Converting a string's bytes costs a fraction of parsing them. */
    private static final int STRING_BYTES_PER_UNIT = 2;

    private final ControlHandler handler;
    private final Work work;
    private final Utf8Decoder utf8 = new Utf8Decoder();
    private final TextRun text = new TextRun();
    private final Params params = new Params();
    /** The unfinished sequence from its introducer on, without the controls that were executed inside it. */
    private final ByteBuffer sequence = new ByteBuffer(SEQUENCE_LIMIT);
    /** The payload of an OSC or DCS. */
    private final ByteBuffer string = new ByteBuffer(STRING_LIMIT);

    /** Taken since the introducer of the last OSC, with it. */
    private long oscBytes;

    private State state = State.GROUND;
    private int collected;
    private int dcsIdentifier;

    /** @param work what the handler does counts there too */
    public VtParser(ControlHandler handler, Work work) {
        this.handler = handler;
        this.work = work;
    }

    /**
     * Parses {@code bytes[from, to)} until the work is over.
     *
     * @return up to where
     */
    public int feed(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + Work.SLICE_BYTES);
        int i = from;
        while (i < end && !work.isOver()) {
            i = state == State.GROUND && utf8.idle() ? feedGround(bytes, i, end) : feedElsewhere(bytes, i, end);
        }
        return i;
    }

    /** Within {@link ControlHandler#osc}: its bytes as they came, from its introducer to the BEL, ESC or ST that ends it. */
    public long oscBytes() {
        return oscBytes;
    }

    /** What the unfinished sequence takes, in bytes. */
    public int memory() {
        return sequence.memory() + string.memory();
    }

    /** Takes what is next in the ground state, whole if it is all there; returns where it ends. */
    private int feedGround(byte[] bytes, int from, int to) {
        byte b = bytes[from];
        if (TextRun.printable(b)) {
            int end = TextRun.endOfAscii(bytes, from + 1, Math.min(to, from + RUN_BYTES));
            handler.printAscii(bytes, from, end);
            return end;
        }
        if (b == 0x1B) {
            int end = wholeSequence(bytes, from, to);
            if (end >= 0) {
                return end;
            }
            begin(State.ESCAPE, 0);
        } else if (b >= 0) {
            ground(b);
        } else {
            return feedText(bytes, from, to);
        }
        return from + 1;
    }

    /** Controls, and what is malformed or cut, go byte by byte. */
    private int feedText(byte[] bytes, int from, int to) {
        int end = text.read(bytes, from, to);
        if (end == from) {
            return feedElsewhere(bytes, from, to);
        }
        handler.print(text.characters, text.size());
        return end;
    }

    private int feedElsewhere(byte[] bytes, int from, int to) {
        byte b = bytes[from];
        if (b >= 0 && utf8.idle()) {
            if ((state == State.OSC || state == State.DCS_PASSTHROUGH) && TextRun.printable(b)) {
                int end = TextRun.endOfAscii(bytes, from + 1, to);
                string.add(bytes, from, end);
                oscBytes += end - from;
                return end;
            }
            oscBytes++;
            step(b);
            return from + 1;
        }
        int codePoint = utf8.take(b);
        if (codePoint == Utf8Decoder.AGAIN) {
            return from;
        }
        oscBytes++;
        if (codePoint >= 0) {
            step(codePoint);
        }
        return from + 1;
    }

    /**
     * The common case, an escape or control sequence without controls inside that is all there, in one go.
     * Returns where it ends, -1 for anything else: then nothing has happened but to the parameters and what is
     * collected, which the state machine clears.
     */
    private int wholeSequence(byte[] bytes, int from, int to) {
        if (from + 1 >= to) {
            return -1;
        }
        clear();
        boolean csi = bytes[from + 1] == '[';
        int i = csi ? wholeParams(bytes, from + 2, to) : from + 1;
        while (i < to && bytes[i] >= 0x20 && bytes[i] < 0x30) {
            collected = collected << 8 | bytes[i++];
        }
        if (i >= to || bytes[i] < (csi ? 0x40 : 0x30) || bytes[i] == 0x7F) {
            return -1;
        }
        if (csi) {
            dispatchCsi(bytes[i]);
        } else if (i == from + 1 && introducer(bytes[i])) {
            return -1;
        } else {
            dispatchEscape(bytes[i]);
        }
        return i + 1;
    }

    /** Reads the prefix and the parameters; returns where they end. */
    private int wholeParams(byte[] bytes, int from, int to) {
        int i = from;
        if (i < to && bytes[i] >= 0x3C && bytes[i] <= 0x3F) {
            collected = bytes[i++];
        }
        i = params.read(bytes, i, to);
        while (i < to) {
            int c = bytes[i];
            if (c == ';') {
                params.next();
                i++;
            } else if (c == ':') {
                params.nextSub();
                i++;
            } else if (c >= '0' && c <= '9') {
                i = wholeNumber(bytes, i, to);
            } else {
                return i;
            }
        }
        return i;
    }

    private int wholeNumber(byte[] bytes, int from, int to) {
        int i = from;
        int number = 0;
        while (i < to && bytes[i] >= '0' && bytes[i] <= '9') {
            number = Params.append(number, bytes[i++] - '0');
        }
        params.number(number);
        return i;
    }

    /** True for what begins a control sequence or a string after ESC. */
    private static boolean introducer(int c) {
        return c == '[' || c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_';
    }

    /** Back to the ground state, as RIS does; bytes of an incomplete character stay. */
    public void reset() {
        state = State.GROUND;
        string.clear();
        clear();
    }

    /** Bytes that bring another parser from the ground state into this one's state. */
    public byte[] pending() {
        ByteBuffer out = new ByteBuffer(Integer.MAX_VALUE);
        switch (state) {
            case GROUND -> {}
            case OSC -> appendOsc(out);
            case DCS_PASSTHROUGH -> appendDcs(out);
            case SOS_PM_APC -> {
                out.add(0x1B);
                out.add('X');
            }
            case CSI_IGNORE -> appendText(out, "\u001b[1?");
            case DCS_IGNORE -> appendText(out, "\u001bP1?");
            default -> appendSequence(out);
        }
        utf8.appendPending(out);
        return out.toArray();
    }

    private void appendOsc(ByteBuffer out) {
        out.add(0x1B);
        out.add(']');
        if (string.overflown()) {
            out.add('x'); // no number: the client ignores the string, as this parser will
        } else {
            byte[] payload = string.toArray();
            out.add(payload, 0, payload.length);
        }
    }

    private void appendDcs(ByteBuffer out) {
        appendSequence(out);
        byte[] payload = string.toArray();
        out.add(payload, 0, payload.length);
    }

    private void appendSequence(ByteBuffer out) {
        if (!sequence.overflown()) {
            byte[] raw = sequence.toArray();
            out.add(raw, 0, raw.length);
            return;
        }
        out.add(0x1B);
        if (state == State.ESCAPE_INTERMEDIATE) {
            appendIntermediates(out);
            return;
        }
        boolean csi = state == State.CSI_ENTRY || state == State.CSI_PARAM || state == State.CSI_INTERMEDIATE;
        out.add(csi ? '[' : 'P');
        int prefix = firstCollected();
        boolean prefixed = prefix >= 0x3C;
        if (prefixed) {
            out.add(prefix);
        }
        params.appendTo(out);
        if (state == State.CSI_INTERMEDIATE || state == State.DCS_INTERMEDIATE || state == State.DCS_PASSTHROUGH) {
            appendIntermediates(out);
        }
        if (state == State.DCS_PASSTHROUGH) {
            out.add(dcsIdentifier & 0x7F);
        }
    }

    private int firstCollected() {
        int all = collected;
        while (all >>> 8 != 0) {
            all >>>= 8;
        }
        return all;
    }

    private void appendIntermediates(ByteBuffer out) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            int octet = collected >>> shift & 0xFF;
            if (octet >= 0x20 && octet < 0x30) {
                out.add(octet);
            }
        }
    }

    private static void appendText(ByteBuffer out, String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            out.add(ascii.charAt(i));
        }
    }

    private void step(int c) {
        if (anywhere(c)) {
            return;
        }
        switch (state) {
            case GROUND -> ground(c);
            case ESCAPE -> escape(c);
            case ESCAPE_INTERMEDIATE -> escapeIntermediate(c);
            case CSI_ENTRY -> csiEntry(c);
            case CSI_PARAM -> csiParam(c);
            case CSI_INTERMEDIATE -> csiIntermediate(c);
            case CSI_IGNORE -> csiIgnore(c);
            case SOS_PM_APC -> sosPmApc(c);
            case OSC -> osc(c);
            case DCS_ENTRY, DCS_PARAM -> dcsParam(c);
            case DCS_IGNORE -> dcsIgnore(c);
            case DCS_INTERMEDIATE -> dcsIntermediate(c);
            case DCS_PASSTHROUGH -> dcsPassthrough(c);
        }
    }

    /** Transitions that every state has: CAN, SUB, ESC and the C1 controls. */
    private boolean anywhere(int c) {
        if (c != 0x1B && c != 0x18 && c != 0x1A && (c < 0x80 || c > 0x9F)) {
            return false;
        }
        if (endsString(c)) {
            return true;
        }
        switch (c) {
            case 0x1B -> begin(State.ESCAPE, 0);
            case 0x90 -> begin(State.DCS_ENTRY, 'P');
            case 0x9B -> begin(State.CSI_ENTRY, '[');
            case 0x9D -> beginOsc();
            case 0x98, 0x9E, 0x9F -> state = State.SOS_PM_APC;
            case 0x9C -> state = State.GROUND;
            default -> {
                state = State.GROUND;
                execute(c);
            }
        }
        return true;
    }

    private boolean endsString(int c) {
        if (c != 0x1B && c != 0x9C && c != 0x18 && c != 0x1A) {
            return false;
        }
        if (state == State.OSC) {
            endOsc(c);
            return true;
        }
        if (state == State.DCS_PASSTHROUGH) {
            endDcs(c);
            return true;
        }
        return false;
    }

    private void begin(State next, int introducer) {
        clear();
        sequence.add(0x1B);
        if (introducer != 0) {
            sequence.add(introducer);
        }
        state = next;
    }

    private void clear() {
        params.reset();
        collected = 0;
        sequence.clear();
    }

    private static boolean executable(int c) {
        return c < 0x20;
    }

    private void execute(int c) {
        handler.execute(c);
        handler.controlEnded();
    }

    private void collect(int c, State next) {
        collected = collected << 8 | c;
        sequence.add(c);
        state = next;
    }

    private void ground(int c) {
        if (c >= 0xA0) {
            text.characters[0] = c;
            handler.print(text.characters, 1);
        } else if (executable(c)) {
            execute(c);
        }
    }

    private void escape(int c) {
        if (executable(c)) {
            execute(c);
        } else if (c < 0x30) {
            collect(c, State.ESCAPE_INTERMEDIATE);
        } else if (c == '[') {
            begin(State.CSI_ENTRY, '[');
        } else if (c == ']') {
            beginOsc();
        } else if (c == 'P') {
            begin(State.DCS_ENTRY, 'P');
        } else if (c == 'X' || c == '^' || c == '_') {
            state = State.SOS_PM_APC;
        } else if (c < 0x7F) {
            dispatchEscape(c);
        } else if (c != 0x7F) {
            state = State.GROUND;
        }
    }

    private void escapeIntermediate(int c) {
        if (executable(c)) {
            execute(c);
        } else if (c < 0x30) {
            collect(c, State.ESCAPE_INTERMEDIATE);
        } else if (c < 0x7F) {
            dispatchEscape(c);
        } else if (c != 0x7F) {
            state = State.GROUND;
        }
    }

    private void dispatchEscape(int c) {
        state = State.GROUND;
        handler.escape(collected << 8 | c);
        handler.controlEnded();
    }

    private void csiEntry(int c) {
        if (c >= 0x3C && c <= 0x3F) {
            collect(c, State.CSI_PARAM);
        } else {
            csiParam(c);
        }
    }

    private void csiParam(int c) {
        if (c >= 0x30 && c < 0x3C) {
            param(c);
            state = State.CSI_PARAM;
        } else if (c >= 0x40 && c < 0x7F) {
            dispatchCsi(c);
        } else if (executable(c)) {
            execute(c);
        } else if (c < 0x30) {
            collect(c, State.CSI_INTERMEDIATE);
        } else if (c < 0x40) {
            state = State.CSI_IGNORE;
        } else if (c != 0x7F) {
            state = State.GROUND;
        }
    }

    private void param(int c) {
        sequence.add(c);
        if (c == ';') {
            params.next();
        } else if (c == ':') {
            params.nextSub();
        } else {
            params.digit(c - '0');
        }
    }

    private void csiIntermediate(int c) {
        if (executable(c)) {
            execute(c);
        } else if (c < 0x30) {
            collect(c, State.CSI_INTERMEDIATE);
        } else if (c < 0x40) {
            state = State.CSI_IGNORE;
        } else if (c < 0x7F) {
            dispatchCsi(c);
        } else if (c != 0x7F) {
            state = State.GROUND;
        }
    }

    private void dispatchCsi(int c) {
        state = State.GROUND;
        handler.csi(collected << 8 | c, params);
        handler.controlEnded();
    }

    /** Nothing is dispatched, so what was printed before stays the base of a combining mark. */
    private void csiIgnore(int c) {
        if (executable(c)) {
            execute(c);
        } else if (c >= 0x40 && c < 0x7F) {
            state = State.GROUND;
        }
    }

    private void sosPmApc(int c) {
        if (c >= 0xA0) {
            state = State.GROUND;
        }
    }

    private void beginOsc() {
        string.clear();
        oscBytes = INTRODUCER_BYTES;
        state = State.OSC;
    }

    private void osc(int c) {
        if (c == 0x07) {
            endOsc(c);
        } else if (c == 0x7F) {
            string.add(c);
        } else if (c >= 0xA0) {
            string.addCodePoint(c);
        }
    }

    private void endOsc(int c) {
        work.spend(string.size() / STRING_BYTES_PER_UNIT);
        if (c != 0x18 && c != 0x1A && !string.overflown()) {
            dispatchOsc();
        }
        string.clear();
        endString(c);
    }

    private void endString(int c) {
        clear();
        state = State.GROUND;
        if (c == 0x1B) {
            begin(State.ESCAPE, 0);
        }
        handler.controlEnded();
    }

    private void dispatchOsc() {
        int id = -1;
        int i = 0;
        for (; i < string.size() && string.at(i) != ';'; i++) {
            int digit = string.at(i) - '0';
            if (digit < 0 || digit > 9) {
                return;
            }
            id = Math.min(Math.max(id, 0) * 10 + digit, 100_000);
        }
        handler.osc(id, string.text(Math.min(i + 1, string.size())));
    }

    private void dcsParam(int c) {
        if (c >= 0x3C && c <= 0x3F) {
            if (state == State.DCS_ENTRY) {
                collect(c, State.DCS_PARAM);
            } else {
                state = State.DCS_IGNORE;
            }
        } else if (c >= 0x30 && c < 0x3C) {
            param(c);
            state = State.DCS_PARAM;
        } else if (c >= 0x20 && c < 0x30) {
            collect(c, State.DCS_INTERMEDIATE);
        } else if (c >= 0x40 && c < 0x7F) {
            hook(c);
        } else if (c >= 0xA0) {
            state = State.GROUND;
        }
    }

    private void dcsIntermediate(int c) {
        if (c >= 0x20 && c < 0x30) {
            collect(c, State.DCS_INTERMEDIATE);
        } else if (c >= 0x30 && c < 0x40) {
            state = State.DCS_IGNORE;
        } else if (c >= 0x40 && c < 0x7F) {
            hook(c);
        } else if (c >= 0xA0) {
            state = State.GROUND;
        }
    }

    /** Left only by the transitions that every state has. */
    private void dcsIgnore(int c) {}

    private void hook(int c) {
        dcsIdentifier = collected << 8 | c;
        sequence.add(c);
        string.clear();
        state = State.DCS_PASSTHROUGH;
    }

    private void dcsPassthrough(int c) {
        if (c < 0x20) {
            string.add(c);
        } else if (c >= 0xA0) {
            string.addCodePoint(c);
        }
    }

    private void endDcs(int c) {
        work.spend(string.size() / STRING_BYTES_PER_UNIT);
        if (c != 0x18 && c != 0x1A && !string.overflown()) {
            handler.dcs(dcsIdentifier, string.text(0));
        }
        string.clear();
        endString(c);
    }
}
