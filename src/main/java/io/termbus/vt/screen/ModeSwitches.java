package io.termbus.vt.screen;

import io.termbus.vt.parser.Params;
import io.termbus.vt.screen.Modes.MouseEncoding;
import io.termbus.vt.screen.Modes.MouseProtocol;

/** SM, RM, DECSET, DECRST, DECSTR, DECSCUSR and the change between the buffers. */
final class ModeSwitches {
    private final Terminal terminal;
    private final CursorMoves cursor;
    private final Modes modes;

    ModeSwitches(Terminal terminal, CursorMoves cursor) {
        this.terminal = terminal;
        this.cursor = cursor;
        modes = terminal.modes;
    }

    /** SM, RM. */
    void set(Params p, boolean on) {
        for (int i = 0; i < p.size(); i++) {
            switch (p.get(i)) {
                case 4 -> modes.insert = on;
                case 20 -> modes.newLine = on;
                default -> {}
            }
        }
    }

    /** DECSET, DECRST. */
    void setPrivate(Params p, boolean on) {
        for (int i = 0; i < p.size(); i++) {
            setPrivate(p.get(i), on);
        }
    }

    private void setPrivate(int mode, boolean on) {
        switch (mode) {
            case 1 -> modes.applicationCursorKeys = on;
            case 2 -> designateAscii(on);
            case 6 -> origin(on);
            case 7 -> modes.wraparound = on;
            case 12 -> modes.blinkOption = on;
            case 25 -> modes.cursorHidden = !on;
            case 45 -> modes.reverseWraparound = on;
            case 66 -> modes.applicationKeypad = on;
            case 9 -> mouse(MouseProtocol.X10, on);
            case 1000 -> mouse(MouseProtocol.CLICKS, on);
            case 1002 -> mouse(MouseProtocol.DRAGS, on);
            case 1003 -> mouse(MouseProtocol.MOTION, on);
            case 1004 -> modes.focusEvents = on;
            case 1006 -> modes.mouseEncoding = on ? MouseEncoding.SGR : MouseEncoding.BYTES;
            case 1016 -> modes.mouseEncoding = on ? MouseEncoding.SGR_PIXELS : MouseEncoding.BYTES;
            case 47, 1047, 1048, 1049 -> buffer(mode, on);
            case 2004 -> modes.bracketedPaste = on;
            case 2026 -> modes.synchronizedOutput = on;
            default -> {}
        }
    }

    private void designateAscii(boolean on) {
        for (int slot = 0; on && slot < 4; slot++) {
            terminal.charsets.designate(slot, null);
        }
    }

    private void origin(boolean on) {
        modes.origin = on;
        cursor.moveTo(0, 0);
    }

    private void mouse(MouseProtocol protocol, boolean on) {
        modes.mouseProtocol = on ? protocol : MouseProtocol.NONE;
    }

    private void buffer(int mode, boolean on) {
        if (on && mode >= 1048) {
            cursor.save();
        }
        if (mode != 1048) {
            if (on) {
                terminal.showAlternate();
            } else {
                terminal.showPrimary();
            }
        }
        if (!on && mode >= 1048) {
            cursor.restore();
        }
    }

    /** DECSTR. */
    void softReset() {
        ScreenBuffer b = terminal.active;
        modes.cursorHidden = false;
        b.scrollTop = 0;
        b.scrollBottom = b.height() - 1;
        terminal.pen.reset();
        modes.softReset();
        terminal.charsets.reset();
        b.saved.reset(b.scrollbackSize());
    }

    /** DECSACE: 2 a rectangle; 0 and 1 a stream of characters. */
    void attributeExtent(int extent) {
        if (extent <= 2) {
            modes.rectangularExtent = extent == 2;
        }
    }

    /** DECSCUSR: 1 and 2 block, 3 and 4 underline, 5 and 6 bar, odd ones blink, 0 the client's default. */
    void cursorStyle(int style) {
        if (style == 0) {
            modes.cursorShape = 0;
            modes.cursorBlink = null;
            return;
        }
        if (style <= 6) {
            modes.cursorShape = (style + 1) / 2;
        }
        modes.cursorBlink = style % 2 == 1;
    }

    /** ESC % @ and ESC % G. */
    void defaultCharset() {
        terminal.charsets.invoke(0);
        terminal.charsets.designate(0, null);
    }
}
