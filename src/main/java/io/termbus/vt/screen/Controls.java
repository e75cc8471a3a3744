package io.termbus.vt.screen;

import io.termbus.vt.parser.ControlHandler;
import io.termbus.vt.parser.Params;

/** The table of control functions: which bytes call which method. Unknown ones do nothing. */
final class Controls implements ControlHandler {
    private final Terminal terminal;
    private final Printer printer;
    private final CursorMoves cursor;
    private final Edits edits;
    private final ModeSwitches modes;
    private final Graphics graphics;
    private final Reports reports;
    private final OscFunctions oscFunctions;
    private final Rectangles rectangles;

    Controls(Terminal terminal, Printer printer) {
        this.terminal = terminal;
        this.printer = printer;
        cursor = new CursorMoves(terminal);
        edits = new Edits(terminal, cursor);
        modes = new ModeSwitches(terminal, cursor);
        graphics = new Graphics(terminal.pen);
        reports = new Reports(terminal);
        oscFunctions = new OscFunctions(terminal);
        rectangles = new Rectangles(terminal);
    }

    @Override
    public void printAscii(byte[] bytes, int from, int to) {
        printer.printAscii(bytes, from, to);
    }

    @Override
    public void print(int[] codePoints, int count) {
        printer.print(codePoints, count);
    }

    @Override
    public void controlEnded() {
        printer.endRun();
    }

    @Override
    public void execute(int code) {
        switch (code) {
            case 0x07 -> terminal.listener.bell();
            case 0x08 -> cursor.backspace();
            case 0x09 -> cursor.tab();
            case 0x0A, 0x0B, 0x0C -> cursor.lineFeed();
            case 0x0D -> cursor.carriageReturn();
            case 0x0E -> terminal.charsets.invoke(1);
            case 0x0F -> terminal.charsets.invoke(0);
            case 0x84 -> cursor.index();
            case 0x85 -> cursor.nextLine();
            case 0x88 -> cursor.setTab();
            case 0x9A -> reports.primaryAttributes(0);
            default -> {}
        }
    }

    @Override
    public void escape(int identifier) {
        switch (identifier) {
            case '7' -> cursor.save();
            case '8' -> cursor.restore();
            case 'D' -> cursor.index();
            case 'E' -> cursor.nextLine();
            case 'H' -> cursor.setTab();
            case 'M' -> cursor.reverseIndex();
            case 'Z' -> reports.primaryAttributes(0);
            case '=' -> terminal.modes.applicationKeypad = true;
            case '>' -> terminal.modes.applicationKeypad = false;
            case 'c' -> terminal.fullReset();
            case 'n', '}' -> terminal.charsets.invoke(2);
            case 'o', '|' -> terminal.charsets.invoke(3);
            case '~' -> terminal.charsets.invoke(1);
            case '%' << 8 | '@', '%' << 8 | 'G' -> modes.defaultCharset();
            case '#' << 8 | '8' -> edits.alignmentPattern();
            default -> designate(identifier);
        }
    }

    private void designate(int identifier) {
        int slot = switch (identifier >> 8) {
            case '(' -> 0;
            case ')', '-' -> 1;
            case '*', '.' -> 2;
            case '+' -> 3;
            default -> -1;
        };
        int last = identifier & 0xFF;
        if (slot >= 0 && Charset.FINALS.indexOf(last) >= 0) {
            terminal.charsets.designate(slot, Charset.byFinal(last));
        }
    }

    @Override
    public void csi(int identifier, Params p) {
        switch (identifier) {
            case 'm' -> graphics.select(p);
            case 'H', 'f' -> cursor.position(p);
            case 'A' -> cursor.up(p.count());
            case 'B' -> cursor.down(p.count());
            case 'C', 'a' -> cursor.forward(p.count());
            case 'D' -> cursor.backward(p.count());
            case 'E' -> cursor.nextLines(p.count());
            case 'F' -> cursor.previousLines(p.count());
            case 'G', '`' -> cursor.column(p.count());
            case 'I' -> cursor.forwardTabs(p.count());
            case 'Z' -> cursor.backwardTabs(p.count());
            case 'd' -> cursor.line(p.count());
            case 'e' -> cursor.verticalRelative(p.count());
            case 'g' -> cursor.clearTabs(p.get(0));
            case 's' -> cursor.save();
            case 'u' -> cursor.restore();
            case 'r' -> cursor.margins(p);
            case 'h' -> modes.set(p, true);
            case 'l' -> modes.set(p, false);
            case '?' << 8 | 'h' -> modes.setPrivate(p, true);
            case '?' << 8 | 'l' -> modes.setPrivate(p, false);
            case '!' << 8 | 'p' -> modes.softReset();
            case ' ' << 8 | 'q' -> modes.cursorStyle(p.get(0));
            case '*' << 8 | 'x' -> modes.attributeExtent(p.get(0));
            default -> edit(identifier, p);
        }
    }

    /** What changes cells, where it is no rectangle. */
    private void edit(int identifier, Params p) {
        switch (identifier) {
            case 'K' -> edits.eraseLine(p.get(0), false);
            case 'J' -> edits.eraseDisplay(p.get(0), false);
            case '?' << 8 | 'K' -> edits.eraseLine(p.get(0), true);
            case '?' << 8 | 'J' -> edits.eraseDisplay(p.get(0), true);
            case 'b' -> printer.repeat(p.count());
            case '@' -> edits.insertChars(p.count());
            case 'P' -> edits.deleteChars(p.count());
            case 'X' -> edits.eraseChars(p.count());
            case 'L' -> edits.insertLines(p.count());
            case 'M' -> edits.deleteLines(p.count());
            case 'S' -> edits.scrollUp(p.count());
            case 'T' -> edits.scrollDown(p.count());
            case ' ' << 8 | '@' -> edits.scrollLeft(p.count());
            case ' ' << 8 | 'A' -> edits.scrollRight(p.count());
            case '\'' << 8 | '}' -> edits.insertColumns(p.count());
            case '\'' << 8 | '~' -> edits.deleteColumns(p.count());
            case '"' << 8 | 'q' -> graphics.protect(p.get(0));
            default -> report(identifier, p);
        }
    }

    /** What asks for an answer. */
    private void report(int identifier, Params p) {
        switch (identifier) {
            case 'c' -> reports.primaryAttributes(p.get(0));
            case '>' << 8 | 'c' -> reports.secondaryAttributes(p.get(0));
            case '=' << 8 | 'c' -> reports.tertiaryAttributes(p.get(0));
            case '>' << 8 | 'q' -> reports.version(p.get(0));
            case 'n' -> reports.status(p.get(0));
            case '?' << 8 | 'n' -> reports.privateStatus(p);
            case '$' << 8 | 'p' -> reports.mode(p.get(0));
            case '?' << 16 | '$' << 8 | 'p' -> reports.privateMode(p.get(0));
            case 't' -> reports.window(p.get(0));
            case 'x' -> reports.parameters(p.get(0));
            case '*' << 8 | 'y' -> reports.checksum(p);
            default -> rectangle(identifier, p);
        }
    }

    private void rectangle(int identifier, Params p) {
        switch (identifier) {
            case '$' << 8 | 'x' -> rectangles.fill(p);
            case '$' << 8 | 'z' -> rectangles.erase(p, false);
            case '$' << 8 | '{' -> rectangles.erase(p, true);
            case '$' << 8 | 'v' -> rectangles.copy(p);
            case '$' << 8 | 'r' -> rectangles.change(p, AttributeChange.set(p, 4));
            case '$' << 8 | 't' -> rectangles.change(p, AttributeChange.reverse(p, 4));
            default -> {}
        }
    }

    @Override
    public void osc(int id, String data) {
        oscFunctions.dispatch(id, data);
    }

    @Override
    public void dcs(int identifier, String data) {
        if (identifier == ('$' << 8 | 'q')) {
            reports.statusString(data);
        }
    }
}
