package io.termbus.vt;

import io.termbus.vt.screen.Cells;
import io.termbus.vt.screen.Charset;
import io.termbus.vt.screen.Charsets;
import io.termbus.vt.screen.Extended;
import io.termbus.vt.screen.Modes;
import io.termbus.vt.screen.Pen;
import io.termbus.vt.screen.Row;
import io.termbus.vt.screen.SavedCursor;
import io.termbus.vt.screen.ScreenBuffer;
import io.termbus.vt.screen.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The whole state of a terminal as lines of text, in the form that judge.mjs makes of xterm.js. */
public final class Dump {
    private Dump() {}

    public static List<String> of(Terminal t) {
        List<String> out = new ArrayList<>();
        ScreenBuffer active = t.active();
        out.add("size " + t.cols() + " " + t.rows() + " cursor " + active.x() + " " + active.y() + " alternate "
                + bit(t.alternateScreen()));
        if (t.alternateScreen()) {
            out.add("primary y " + t.primary().y());
        }
        out.add("pen " + unsigned(t.pen().fg()) + " " + unsigned(t.pen().bg()) + " "
                + extended(t.pen().extended()));
        out.add("charsets " + charset(t.charsets().active()) + " " + charsets(t.charsets()));
        out.add("modes " + modes(t.modes()));
        out.add("join " + t.joinWidth());
        out.add("title " + t.title());
        buffer("primary", t.primary(), out);
        if (t.alternateScreen()) {
            buffer("alternate", t.alternate(), out);
        } else {
            out.add(saved("alternate", t.alternate()));
        }
        return out;
    }

    private static String modes(Modes m) {
        String bits = bit(m.insert())
                + bit(m.wraparound())
                + bit(m.reverseWraparound())
                + bit(m.origin())
                + bit(m.applicationCursorKeys())
                + bit(m.applicationKeypad())
                + bit(m.bracketedPaste())
                + bit(m.focusEvents())
                + bit(m.synchronizedOutput())
                + bit(m.cursorHidden())
                + bit(m.newLine())
                + bit(Boolean.TRUE.equals(m.blinkOption()))
                + bit(m.rectangularExtent());
        String shape = List.of("-", "block", "underline", "bar").get(m.cursorShape());
        Boolean blink = m.cursorBlink();
        String protocol = switch (m.mouseProtocol()) {
            case NONE -> "NONE";
            case X10 -> "X10";
            case CLICKS -> "VT200";
            case DRAGS -> "DRAG";
            case MOTION -> "ANY";
        };
        String encoding = switch (m.mouseEncoding()) {
            case BYTES -> "DEFAULT";
            case SGR -> "SGR";
            case SGR_PIXELS -> "SGR_PIXELS";
        };
        return bits + " " + shape + " " + (blink == null ? "-" : bit(blink)) + " " + protocol + " " + encoding;
    }

    private static String saved(String name, ScreenBuffer b) {
        SavedCursor saved = b.saved();
        int savedY = Math.min(b.height() - 1, Math.max(0, saved.line() - b.scrollbackSize()));
        Pen pen = saved.pen();
        return name + " saved " + Math.min(b.cols(), saved.x()) + " " + savedY + " " + bit(saved.origin()) + " "
                + unsigned(pen.fg()) + " " + unsigned(pen.bg()) + " " + extended(pen.extended()) + " "
                + charsets(saved.charsets());
    }

    private static void buffer(String name, ScreenBuffer b, List<String> out) {
        out.add(name + " base " + b.scrollbackSize() + " margins " + b.scrollTop() + " " + b.scrollBottom());
        out.add(saved(name, b));
        out.add(name + " tabs "
                + IntStream.range(0, b.cols())
                        .filter(b.tabs()::at)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(",")));
        for (int line = 0; line < b.scrollbackSize() + b.height(); line++) {
            out.add(name + " " + line + " " + line(b.line(line)));
        }
    }

    private static String line(Row row) {
        StringBuilder out = new StringBuilder(row.wrapped() ? "w" : "-");
        String last = "";
        for (int x = 0; x < row.cols(); x++) {
            if (x == row.cols() - 1 && row.width(x) == 2) {
                return out + "<cut>";
            }
            String attributes = unsigned(row.fg(x)) + "," + unsigned(row.bg(x));
            if ((row.bg(x) & Cells.BG_EXTENDED) != 0) {
                attributes += "," + extended(row.extended(x));
            }
            if (!attributes.equals(last)) {
                out.append('<').append(attributes).append('>');
            }
            last = attributes;
            out.append(cell(row.text(x), row.width(x)));
        }
        return out.toString();
    }

    private static String cell(String text, int width) {
        if (text.isEmpty()) {
            return width == 1 ? "\u00b7" : "\u00ab";
        }
        return width == 0 ? "\u00b0" + text : text;
    }

    private static String extended(Extended e) {
        return e.underlineStyle() + "," + e.underlineColor() + (e.link() == null ? "" : ",L");
    }

    private static String charsets(Charsets sets) {
        return sets.level() + " "
                + IntStream.range(0, 4)
                        .mapToObj(i -> charset(sets.designated(i)))
                        .collect(Collectors.joining(" "));
    }

    private static String charset(@Nullable Charset charset) {
        if (charset == null) {
            return "-";
        }
        StringBuilder out = new StringBuilder();
        for (int c = 0x20; c < 0x7F; c++) {
            int to = charset.translate(c);
            if (to != c) {
                out.append((char) c).append((char) to);
            }
        }
        return out.toString();
    }

    private static String bit(boolean on) {
        return on ? "1" : "0";
    }

    private static String unsigned(int value) {
        return Integer.toUnsignedString(value);
    }
}
