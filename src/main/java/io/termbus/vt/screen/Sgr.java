package io.termbus.vt.screen;

/** Writes attributes as the parameters of an SGR that starts from the default. */
public final class Sgr {
    private Sgr() {}

    /** For example {@code 0;1;38:5:17}. Of the extended attributes it has style and colour, not the link. */
    public static String of(int fg, int bg, Extended extended) {
        StringBuilder out = new StringBuilder("0");
        append(out, fg, Cells.FG_BOLD, 1);
        append(out, bg, Cells.BG_DIM, 2);
        append(out, bg, Cells.BG_ITALIC, 3);
        if ((fg & Cells.FG_UNDERLINE) != 0) {
            out.append(extended.underlineStyle() > 1 ? ";4:" + extended.underlineStyle() : ";4");
        }
        append(out, fg, Cells.FG_BLINK, 5);
        append(out, fg, Cells.FG_INVERSE, 7);
        append(out, fg, Cells.FG_INVISIBLE, 8);
        append(out, fg, Cells.FG_STRIKETHROUGH, 9);
        append(out, bg, Cells.BG_OVERLINE, 53);
        color(out, fg, 30);
        color(out, bg, 40);
        color(out, extended.underlineColor(), 50);
        return out.toString();
    }

    private static void append(StringBuilder out, int attributes, int flag, int code) {
        if ((attributes & flag) != 0) {
            out.append(';').append(code);
        }
    }

    private static void color(StringBuilder out, int attributes, int base) {
        int value = attributes & 0xFFFFFF;
        switch (attributes & Cells.MODE_MASK) {
            case Cells.MODE_16 -> out.append(';').append(value < 8 ? base + value : base + 60 + value - 8);
            case Cells.MODE_256 ->
                out.append(';')
                        .append(base + 8)
                        .append(base == 50 ? ":5:" : ";5;")
                        .append(value);
            case Cells.MODE_RGB -> rgb(out, base + 8, value);
            default -> {}
        }
    }

    /** Underline colours have only the form with colons: elsewhere the other one would be taken for flags. */
    private static void rgb(StringBuilder out, int code, int value) {
        String separator = code == 58 ? ":" : ";";
        out.append(';').append(code).append(separator).append(2).append(code == 58 ? "::" : ";");
        out.append(value >> 16).append(separator);
        out.append(value >> 8 & 0xFF).append(separator);
        out.append(value & 0xFF);
    }
}
