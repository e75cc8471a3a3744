package io.termbus.vt.snapshot;

import io.termbus.vt.screen.Charset;
import io.termbus.vt.screen.Charsets;
import io.termbus.vt.screen.Extended;
import io.termbus.vt.screen.Modes;
import io.termbus.vt.screen.Palette;
import io.termbus.vt.screen.Row;
import io.termbus.vt.screen.ScreenBuffer;
import io.termbus.vt.screen.Terminal;
import org.jspecify.annotations.Nullable;

/** Writes everything that is not a cell: what a reset leaves alone, modes, margins, tab stops, cursor, pen. */
final class StateWriter {
    private static final String WIDE = "\u4E00";
    private static final String ZERO_WIDTH = "\u200B";

    private final Terminal terminal;
    private final Output out;
    private final PenWriter pen;
    /** The character set in use is set aside. */
    private boolean ascii;

    StateWriter(Terminal terminal, Output out, PenWriter pen) {
        this.terminal = terminal;
        this.out = out;
        this.pen = pen;
    }

    /** Undoes what the client keeps over a reset: an unfinished sequence, new-line mode, colours. */
    void writeStart() {
        out.raw(0x18).csi("20l");
        out.osc("104").osc("110").osc("111").osc("112");
        terminal.palette().changed().forEach(this::color);
        if (terminal.titled()) {
            out.osc("2;" + terminal.title());
        }
        if (!terminal.workingDirectoryUri().isEmpty()) {
            out.osc("7;" + terminal.workingDirectoryUri());
        }
    }

    private void color(int index, int rgb) {
        String name = index < Palette.FOREGROUND ? "4;" + index : Integer.toString(10 + index - Palette.FOREGROUND);
        out.osc(name + ";" + Palette.format(rgb));
    }

    void writeTabs(ScreenBuffer buffer, ScreenWriter screen) {
        if (buffer.primary() && buffer.tabs().at(buffer.cols())) {
            screen.pendWrap(buffer.cols());
            out.escape("H"); // set while a wrap was pending: shows when the screen grows
        }
        if (buffer.tabs().isDefault()) {
            return;
        }
        for (int x = 0; x < buffer.cols(); x += 8) {
            if (!buffer.tabs().at(x)) {
                out.csi(x + 1, "G").csi("g");
            }
        }
        for (int x = 0; x < buffer.cols(); x++) {
            if (buffer.tabs().at(x) && x % 8 != 0) {
                out.csi(x + 1, "G").escape("H");
            }
        }
    }

    /** Moves the cursor home where there are margins. */
    void writeMargins(ScreenBuffer buffer) {
        if (buffer.scrollTop() != 0 || buffer.scrollBottom() != buffer.height() - 1) {
            out.csi((buffer.scrollTop() + 1) + ";" + (buffer.scrollBottom() + 1) + "r");
        }
    }

    void writeCharsets() {
        CharsetWriter.set(out, terminal.charsets());
    }

    void writeModes() {
        Modes modes = terminal.modes();
        mode(modes.origin(), "?6h");
        mode(modes.insert(), "4h");
        mode(!modes.wraparound(), "?7l");
        mode(modes.reverseWraparound(), "?45h");
        mode(modes.applicationCursorKeys(), "?1h");
        mode(modes.applicationKeypad(), "?66h");
        mode(modes.bracketedPaste(), "?2004h");
        mode(modes.focusEvents(), "?1004h");
        mode(modes.newLine(), "20h");
        mode(modes.rectangularExtent(), "2*x");
        mode(modes.mouseProtocol().mode() != 0, "?" + modes.mouseProtocol().mode() + "h");
        mode(modes.mouseEncoding().mode() != 0, "?" + modes.mouseEncoding().mode() + "h");
        out.csi(modes.cursorHidden() ? "?25l" : "?25h");
        writeCursorStyle(modes);
        mode(modes.synchronizedOutput(), "?2026h");
    }

    private void writeCursorStyle(Modes modes) {
        Boolean option = modes.blinkOption();
        if (option != null) {
            out.csi(option ? "?12h" : "?12l");
        }
        Boolean blink = modes.cursorBlink();
        if (blink != null) {
            int style = modes.cursorShape() == 0 ? 8 : modes.cursorShape() * 2; // 7 and 8 set the blinking only
            out.csi((blink ? style - 1 : style) + " q");
        }
    }

    private void mode(boolean on, String sequence) {
        if (on) {
            out.csi(sequence);
        }
    }

    /**
     * The cursor, last of all. What was printed just before is printed again, since a combining mark or a
     * repeat may follow; that also brings back a pending wrap.
     */
    void writeCursor(ScreenWriter screen) {
        screen.rows().printAgain(terminal.pen(), this::encoded);
        ScreenBuffer buffer = terminal.active();
        int width = terminal.joinWidth();
        int base = buffer.x() - width;
        Row row = screen.line(buffer, buffer.scrollbackSize() + buffer.y());
        if (width > 0 && severedBehind(buffer, row)) {
            writeSevered(screen, buffer, row);
            return;
        }
        if (width > 0 && base >= 0 && row.width(base) == width && row.hasContent(base) && penMatches(row, base)) {
            position(base, buffer);
            setPen();
            if (terminal.modes().insert()) {
                out.csi(width, "P");
            }
            out.text(encoded(row.text(base)));
            return;
        }
        position(Math.min(buffer.x(), buffer.cols() - 1), buffer);
        if (buffer.x() < buffer.cols()) {
            setPen();
            if (width == 2
                    && !terminal.modes().wraparound()
                    && buffer.x() == buffer.cols() - 1
                    && !RowWriter.severed(row)) {
                out.text(WIDE); // dropped for want of room, but a mark may follow it
            }
            return;
        }
        pendWrap(screen, buffer, row);
        for (int x = buffer.cols(); x < buffer.x(); x++) {
            out.text(ZERO_WIDTH);
        }
    }

    /** The last character was printed over half of a wide one at the margin, or found no room there. */
    private boolean severedBehind(ScreenBuffer buffer, Row row) {
        Modes modes = terminal.modes();
        return !modes.wraparound() && buffer.x() >= buffer.cols() - 1 && RowWriter.severed(row);
    }

    private void writeSevered(ScreenWriter screen, ScreenBuffer buffer, Row row) {
        boolean rightLast = buffer.x() >= buffer.cols();
        position(buffer.cols() - 2, buffer);
        screen.rows().writeSevered(row, rightLast);
        setPen();
        screen.rows().widen(row, rightLast);
    }

    private void position(int x, ScreenBuffer buffer) {
        int top = terminal.modes().origin() ? buffer.scrollTop() : 0;
        out.position(x, Math.max(0, buffer.y() - top));
    }

    private void setPen() {
        pen.set(terminal.pen());
    }

    private boolean penMatches(Row row, int x) {
        return PenWriter.prints(terminal.pen(), row, x);
    }

    private String encoded(String text) {
        @Nullable Charset charset = ascii ? null : terminal.charsets().active();
        return charset == null || text.length() != 1 ? text : String.valueOf((char) charset.inverse(text.charAt(0)));
    }

    /** A pending wrap after something else than printing. */
    private void pendWrap(ScreenWriter screen, ScreenBuffer buffer, Row row) {
        int last = buffer.cols() - 1;
        if (!terminal.alternateScreen()) {
            setPen();
            screen.pendWrap(buffer.cols());
            return;
        }
        if (row.extent() == 0 || RowWriter.uniformlyErased(row)) {
            pen.set(0, row.bg(last), Extended.NONE);
            out.raw('x').csi("1K");
        } else {
            printLastInAscii(screen, buffer, row);
        }
        setPen();
    }

    /** What the last cell holds may be of another character set than the one in use. */
    private void printLastInAscii(ScreenWriter screen, ScreenBuffer buffer, Row row) {
        Charsets charsets = terminal.charsets();
        Charset active = charsets.active();
        if (active == null) {
            printLast(screen, buffer, row);
            return;
        }
        CharsetWriter.designate(out, charsets.level(), 'B');
        ascii = true;
        printLast(screen, buffer, row);
        ascii = false;
        CharsetWriter.designate(out, charsets.level(), active.finalByte());
    }

    /** Prints what the last cell holds again. */
    private void printLast(ScreenWriter screen, ScreenBuffer buffer, Row row) {
        int last = buffer.cols() - 1;
        if (RowWriter.severed(row) && row.hasContent(last)) {
            position(last - 1, buffer);
            out.csi("?7l");
            screen.rows().writeSevered(row, true);
            screen.rows().widen(row, true);
            out.csi(terminal.modes().wraparound() ? "?7h" : "?7l");
            return;
        }
        int x = row.content(last) == 0 && last > 0 ? last - 1 : last;
        position(x, buffer);
        if (penMatches(row, x)) {
            setPen();
        } else {
            pen.setCell(row, x);
        }
        String text = row.text(x);
        out.text(text.isEmpty() ? " " : encoded(text)).escape("\\");
    }
}
