package io.termbus.vt.screen;

import io.termbus.vt.parser.Params;
import io.termbus.vt.screen.Modes.MouseEncoding;
import io.termbus.vt.screen.Modes.MouseProtocol;

/** Answers to queries. The hub gives them, once; attached clients must not. */
final class Reports {
    /** Size of a cell in pixels that is claimed, since the clients' differ. */
    static final int CELL_WIDTH = 8;

    static final int CELL_HEIGHT = 16;

    private static final int UNKNOWN = 0;
    private static final int ON = 1;
    private static final int OFF = 2;
    private static final int ALWAYS_ON = 3;
    private static final int ALWAYS_OFF = 4;

    private final Terminal terminal;
    private final Modes modes;

    Reports(Terminal terminal) {
        this.terminal = terminal;
        modes = terminal.modes;
    }

    /** DA1, DECID: VT100 with advanced video. */
    void primaryAttributes(int p) {
        if (p == 0) {
            terminal.reply("\u001b[?1;2c");
        }
    }

    /** DA2: xterm 276. */
    void secondaryAttributes(int p) {
        if (p == 0) {
            terminal.reply("\u001b[>0;276;0c");
        }
    }

    /** DA3: no unit id. */
    void tertiaryAttributes(int p) {
        if (p == 0) {
            terminal.reply("\u001bP!|00000000\u001b\\");
        }
    }

    /** XTVERSION. */
    void version(int p) {
        if (p == 0) {
            terminal.reply("\u001bP>|termbus\u001b\\");
        }
    }

    /** DSR: 5 operating status, 6 cursor position. */
    void status(int p) {
        if (p == 5) {
            terminal.reply("\u001b[0n");
        } else if (p == 6) {
            terminal.reply("\u001b[" + position() + "R");
        }
    }

    /** DECXCPR, and the devices that there are not: printer, locked keys, locator, macros, sessions. */
    void privateStatus(Params p) {
        switch (p.get(0)) {
            case 6 -> terminal.reply("\u001b[?" + position() + "R");
            case 15 -> terminal.reply("\u001b[?13n");
            case 25 -> terminal.reply("\u001b[?20n");
            case 26 -> terminal.reply("\u001b[?27;1n");
            case 53, 55 -> terminal.reply("\u001b[?50n");
            case 56 -> terminal.reply("\u001b[?57;0n");
            case 62 -> terminal.reply("\u001b[0*{");
            case 63 -> terminal.reply("\u001bP" + p.get(1) + "!~0000\u001b\\");
            case 75 -> terminal.reply("\u001b[?70n");
            case 85 -> terminal.reply("\u001b[?83n");
            default -> {}
        }
    }

    /** With origin mode the row counts from the top margin, as in CUP. */
    private String position() {
        ScreenBuffer b = terminal.active;
        int top = modes.origin ? b.scrollTop : 0;
        return (b.y - top + 1) + ";" + Math.min(b.x + 1, b.cols());
    }

    /** DECREQTPARM: no parity, 8 bits, 38400 baud. */
    void parameters(int p) {
        if (p == 0 || p == 1) {
            terminal.reply("\u001b[" + (p + 2) + ";1;1;128;128;1;0x");
        }
    }

    /** XTWINOPS: the reports but those of titles, which could put typed words into the shell. The rest is ignored. */
    void window(int operation) {
        int rows = terminal.rows();
        int cols = terminal.cols();
        switch (operation) {
            case 11 -> terminal.reply("\u001b[1t");
            case 13 -> terminal.reply("\u001b[3;0;0t");
            case 14 -> terminal.reply("\u001b[4;" + rows * CELL_HEIGHT + ";" + cols * CELL_WIDTH + "t");
            case 15 -> terminal.reply("\u001b[5;" + rows * CELL_HEIGHT + ";" + cols * CELL_WIDTH + "t");
            case 16 -> terminal.reply("\u001b[6;" + CELL_HEIGHT + ";" + CELL_WIDTH + "t");
            case 18 -> terminal.reply("\u001b[8;" + rows + ";" + cols + "t");
            case 19 -> terminal.reply("\u001b[9;" + rows + ";" + cols + "t");
            default -> {}
        }
    }

    /** DECRQM for an ANSI mode. */
    void mode(int mode) {
        int value = switch (mode) {
            case 2 -> ALWAYS_OFF;
            case 4 -> on(modes.insert);
            case 12 -> ALWAYS_ON;
            case 20 -> on(modes.newLine);
            default -> UNKNOWN;
        };
        terminal.reply("\u001b[" + mode + ";" + value + "$y");
    }

    /** DECRQM for a DEC private mode. */
    void privateMode(int mode) {
        terminal.reply("\u001b[?" + mode + ";" + privateValue(mode) + "$y");
    }

    private int privateValue(int mode) {
        return switch (mode) {
            case 1 -> on(modes.applicationCursorKeys);
            case 6 -> on(modes.origin);
            case 7 -> on(modes.wraparound);
            case 8, 1048 -> mode == 8 ? ALWAYS_ON : ON;
            case 9 -> on(modes.mouseProtocol == MouseProtocol.X10);
            case 12 -> on(Boolean.TRUE.equals(modes.blinkOption));
            case 25 -> on(!modes.cursorHidden);
            case 45 -> on(modes.reverseWraparound);
            case 66 -> on(modes.applicationKeypad);
            case 67, 1005, 1015 -> ALWAYS_OFF;
            case 1000 -> on(modes.mouseProtocol == MouseProtocol.CLICKS);
            case 1002 -> on(modes.mouseProtocol == MouseProtocol.DRAGS);
            case 1003 -> on(modes.mouseProtocol == MouseProtocol.MOTION);
            case 1004 -> on(modes.focusEvents);
            case 1006 -> on(modes.mouseEncoding == MouseEncoding.SGR);
            case 1016 -> on(modes.mouseEncoding == MouseEncoding.SGR_PIXELS);
            case 47, 1047, 1049 -> on(terminal.alternateScreen());
            case 2004 -> on(modes.bracketedPaste);
            case 2026 -> on(modes.synchronizedOutput);
            default -> UNKNOWN;
        };
    }

    private static int on(boolean value) {
        return value ? ON : OFF;
    }

    /** DECRQCRA: id, page, then top, left, bottom, right. */
    void checksum(Params p) {
        if (terminal.checksums) {
            terminal.work.spend(terminal.active.cols() * terminal.active.height()); // at the most
            int sum = Checksum.of(terminal.active, Rectangle.of(p, 2, terminal.active, modes.origin));
            terminal.reply("\u001bP" + p.get(0) + "!~" + String.format("%04X", sum) + "\u001b\\");
        }
    }

    /** DECRQSS. */
    void statusString(String request) {
        ScreenBuffer b = terminal.active;
        String answer = switch (request) {
            case "\"q" -> ((terminal.pen.bg & Cells.BG_PROTECTED) != 0 ? 1 : 0) + "\"q";
            case "\"p" -> "61;1\"p";
            case "*x" -> (modes.rectangularExtent ? 2 : 0) + "*x";
            case "r" -> (b.scrollTop + 1) + ";" + (b.scrollBottom + 1) + "r";
            case "m" -> Sgr.of(terminal.pen.fg, terminal.pen.bg, terminal.pen.extended) + "m";
            case " q" -> cursorStyle() + " q";
            default -> "";
        };
        terminal.reply("\u001bP" + (answer.isEmpty() ? "0$r" : "1$r" + answer) + "\u001b\\");
    }

    private int cursorStyle() {
        boolean blinks = modes.cursorBlink != null ? modes.cursorBlink : Boolean.TRUE.equals(modes.blinkOption);
        return Math.max(1, modes.cursorShape) * 2 - (blinks ? 1 : 0);
    }
}
