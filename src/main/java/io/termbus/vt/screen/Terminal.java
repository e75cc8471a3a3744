package io.termbus.vt.screen;

import io.termbus.vt.parser.VtParser;
import io.termbus.vt.parser.Work;
import java.nio.charset.StandardCharsets;

/**
 * A terminal that behaves as xterm.js 6 with Unicode 11 widths. Not thread safe: one owner at a time.
 *
 * <p>A width below {@link #MIN_COLS} is shown as that, as the client does.
 */
public final class Terminal {
    public static final int MIN_COLS = 2;
    public static final int MAX_SIZE = 1000;
    /** UTF-16 units of a title that are kept. */
    public static final int TITLE_LIMIT = 4096;

    /** An answer is written, and a program may ask with three bytes. */
    private static final int REPLY_UNITS = 256;

    private static final int TITLE_UNITS = 64;

    final Modes modes = new Modes();
    final Pen pen = new Pen();
    final Charsets charsets = new Charsets();
    final Palette palette = new Palette();
    final TerminalListener listener;
    final Work work = new Work();
    final RowWork rowWork = new RowWork(work);
    final StateLimit limit;
    private final VtParser parser;
    private final Printer printer;
    private final int scrollbackLines;

    ScreenBuffer primary;
    ScreenBuffer alternate;
    ScreenBuffer active;
    private String title = "";
    private boolean titled;
    boolean checksums;
    String workingDirectoryUri = "";

    /**
     * @param cols 1..1000
     * @param rows 1..1000
     * @param scrollbackLines rows kept above the screen of the primary buffer, at least 0
     */
    public Terminal(int cols, int rows, int scrollbackLines, TerminalListener listener) {
        this(cols, rows, scrollbackLines, Long.MAX_VALUE, listener);
    }

    /** @param stateBytes what the state may take; see {@link StateLimit} for what goes when it would be more */
    public Terminal(int cols, int rows, int scrollbackLines, long stateBytes, TerminalListener listener) {
        checkSize(cols, rows);
        this.scrollbackLines = scrollbackLines;
        this.listener = listener;
        primary = newPrimary(Math.max(cols, MIN_COLS), rows);
        alternate = new ScreenBuffer(false, Math.max(cols, MIN_COLS), rows, 0, work);
        active = primary;
        limit = new StateLimit(this, stateBytes);
        printer = new Printer(this);
        parser = new VtParser(new Controls(this, printer), work);
    }

    private static void checkSize(int cols, int rows) {
        if (cols < 1 || cols > MAX_SIZE || rows < 1 || rows > MAX_SIZE) {
            throw new IllegalArgumentException("size " + cols + "x" + rows);
        }
    }

    private ScreenBuffer newPrimary(int cols, int rows) {
        ScreenBuffer buffer = new ScreenBuffer(true, cols, rows, scrollbackLines, work);
        buffer.fill(0);
        return buffer;
    }

    /** DECRQCRA is answered, by which a program can read the screen; not unless this is called. */
    public void answerChecksums(boolean on) {
        checksums = on;
    }

    /** Takes output of the child: {@code bytes[from, to)}. Where the stream is cut makes no difference. */
    public void feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to || isBusy()) {
            at = feedSlice(bytes, at, to);
        }
    }

    /**
     * Takes as much of {@code bytes[from, to)} as is done in a fraction of a millisecond, whatever it says: the slice ends
     * by what was done, not by a clock. At least one byte, unless it is busy.
     *
     * @return up to where
     */
    public int feedSlice(byte[] bytes, int from, int to) {
        work.begin();
        boolean busy = isBusy();
        goOn();
        int at = busy ? from : parser.feed(bytes, from, to); // so there is a slice's end behind each long sequence
        limit.check();
        return at;
    }

    private void goOn() {
        printer.goOn();
        rowWork.goOn();
    }

    /** The last sequence that was taken is not carried out to its end yet; the state must not be read. */
    public boolean isBusy() {
        return printer.busy() || rowWork.busy();
    }

    /** Units of work by which the last slice went beyond its share: those of its last step. */
    int overrun() {
        return Math.max(0, -work.left());
    }

    /** What the state takes, in bytes; an upper bound. */
    public long stateBytes() {
        return limit.total();
    }

    /** Cuts the state down to so many bytes, once; see {@link StateLimit}. */
    public void trim(long bytes) {
        work.begin();
        limit.cutTo(bytes);
    }

    int parserBytes() {
        return parser.memory();
    }

    /** Changes the size; soft-wrapped lines of the primary buffer are reflowed as the client does. */
    public void resize(int cols, int rows) {
        checkSize(cols, rows);
        int width = Math.max(cols, MIN_COLS);
        if (width == primary.cols() && rows == primary.height()) {
            return;
        }
        while (isBusy()) {
            work.begin();
            goOn();
        }
        primary.resize(width, rows);
        alternate.resize(width, rows);
        printer.resized();
        limit.check();
    }

    public void clearScrollback() {
        primary.clearScrollback();
    }

    public int cols() {
        return active.cols();
    }

    public int rows() {
        return active.height();
    }

    /** 0 to {@link #cols()}; the latter while a wrap is pending. */
    public int cursorX() {
        return Math.min(active.x, active.cols());
    }

    /** 0 to rows - 1, from the top of the screen. */
    public int cursorY() {
        return active.y;
    }

    public boolean alternateScreen() {
        return active == alternate;
    }

    public String title() {
        return title;
    }

    /** True once a program has set a title, even an empty one. */
    public boolean titled() {
        return titled;
    }

    /** The path of the last OSC 7, or an empty string. */
    public String cwd() {
        return WorkingDirectory.path(workingDirectoryUri);
    }

    /** The payload of the last OSC 7 as it came. */
    public String workingDirectoryUri() {
        return workingDirectoryUri;
    }

    /** Rows in the scrollback of the primary buffer. */
    public int scrollbackSize() {
        return primary.scrollbackSize();
    }

    public ScreenBuffer primary() {
        return primary;
    }

    /** The alternate buffer; it has rows only while {@link #alternateScreen()}. */
    public ScreenBuffer alternate() {
        return alternate;
    }

    public ScreenBuffer active() {
        return active;
    }

    public Modes modes() {
        return modes;
    }

    public Pen pen() {
        return pen;
    }

    public Charsets charsets() {
        return charsets;
    }

    public Palette palette() {
        return palette;
    }

    /** Width of the character just printed, to which a combining mark would be added; 0 where there is none. */
    public int joinWidth() {
        return printer.joinWidth();
    }

    /** Bytes of an unfinished sequence or character. */
    public byte[] pendingBytes() {
        return parser.pending();
    }

    long oscBytes() {
        return parser.oscBytes();
    }

    void reply(String text) {
        work.spend(REPLY_UNITS);
        listener.reply(text.getBytes(StandardCharsets.UTF_8));
    }

    void setTitle(String value) {
        work.spend(TITLE_UNITS);
        titled = true;
        title = value.length() > TITLE_LIMIT ? value.substring(0, TITLE_LIMIT) : value;
        listener.titleChanged(title);
    }

    /** A mark is the last thing that is taken in a slice, so that the owner knows where in the output it is. */
    void mark(ShellMark mark) {
        work.spend(Work.SLICE_UNITS);
        long command = listener.marked(mark);
        if (command != TerminalListener.NOT_KEPT && mark.kind().ofRow() && active == primary) {
            primary.mark(mark, command);
        }
    }

    /** RIS. What the client keeps is kept: palette, title, visibility of the cursor, LNM, blinking. */
    void fullReset() {
        parser.reset();
        pen.reset();
        primary = newPrimary(primary.cols(), primary.height());
        alternate = new ScreenBuffer(false, primary.cols(), primary.height(), 0, work);
        active = primary;
        charsets.reset();
        modes.softReset();
        modes.resetMouse();
    }

    void showAlternate() {
        if (active == alternate) {
            return;
        }
        alternate.fill(pen.eraseBg());
        alternate.x = primary.x;
        alternate.y = primary.y;
        active = alternate;
    }

    void showPrimary() {
        if (active == primary) {
            return;
        }
        primary.x = alternate.x;
        primary.y = alternate.y;
        alternate.drop();
        active = primary;
    }
}
