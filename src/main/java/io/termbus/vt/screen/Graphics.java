package io.termbus.vt.screen;

import io.termbus.vt.parser.Params;

/** SGR and DECSCA: what changes the pen. */
final class Graphics {
    private static final int UNDERLINE_DOUBLE = 2;
    private static final int UNDERLINE_LAST = 5;
    /** Sub-parameters of 2:r:g:b; one more is the colour space. */
    private static final int RGB_WITHOUT_SPACE = 4;

    private final Pen pen;

    Graphics(Pen pen) {
        this.pen = pen;
    }

    /** DECSCA. */
    void protect(int p) {
        if (p == 1) {
            pen.bg |= Cells.BG_PROTECTED;
        } else if (p == 0 || p == 2) {
            pen.bg &= ~Cells.BG_PROTECTED;
        }
    }

    void select(Params p) {
        for (int i = 0; i < p.size(); i++) {
            int code = p.get(i);
            if (code == 38 || code == 48 || code == 58) {
                i += color(p, i);
            } else if (code == 4) {
                underline(p.subCount(i) > 0 ? p.sub(i, 0) : 1);
            } else if (code >= 30) {
                simpleColor(code);
            } else {
                flag(code);
            }
        }
    }

    private void flag(int code) {
        switch (code) {
            case 0 -> reset();
            case 1 -> pen.fg |= Cells.FG_BOLD;
            case 2 -> pen.bg |= Cells.BG_DIM;
            case 3 -> pen.bg |= Cells.BG_ITALIC;
            case 5 -> pen.fg |= Cells.FG_BLINK;
            case 7 -> pen.fg |= Cells.FG_INVERSE;
            case 8 -> pen.fg |= Cells.FG_INVISIBLE;
            case 9 -> pen.fg |= Cells.FG_STRIKETHROUGH;
            case 21 -> underline(UNDERLINE_DOUBLE);
            case 22 -> {
                pen.fg &= ~Cells.FG_BOLD;
                pen.bg &= ~Cells.BG_DIM;
            }
            case 23 -> pen.bg &= ~Cells.BG_ITALIC;
            case 24 -> underline(0);
            case 25 -> pen.fg &= ~Cells.FG_BLINK;
            case 27 -> pen.fg &= ~Cells.FG_INVERSE;
            case 28 -> pen.fg &= ~Cells.FG_INVISIBLE;
            case 29 -> pen.fg &= ~Cells.FG_STRIKETHROUGH;
            default -> {}
        }
    }

    /** Keeps an open hyperlink. */
    private void reset() {
        pen.fg = 0;
        pen.bg = 0;
        pen.setExtended(pen.extended.withStyle(0).withColor(0));
    }

    private void underline(int style) {
        int known = style < 0 || style > UNDERLINE_LAST ? 1 : style;
        pen.fg = known == 0 ? pen.fg & ~Cells.FG_UNDERLINE : pen.fg | Cells.FG_UNDERLINE;
        pen.setExtended(pen.extended.withStyle(known));
    }

    private void simpleColor(int code) {
        if (code <= 37) {
            pen.fg = palette(pen.fg, Cells.MODE_16, code - 30);
        } else if (code == 39) {
            pen.fg &= ~Cells.COLOR;
        } else if (code >= 40 && code <= 47) {
            pen.bg = palette(pen.bg, Cells.MODE_16, code - 40);
        } else if (code == 49) {
            pen.bg &= ~Cells.COLOR;
        } else if (code == 53) {
            pen.bg |= Cells.BG_OVERLINE;
        } else if (code == 55) {
            pen.bg &= ~Cells.BG_OVERLINE;
        } else if (code == 59) {
            pen.setExtended(pen.extended.withColor(0));
        } else if (code >= 90 && code <= 97) {
            pen.fg = palette(pen.fg, Cells.MODE_16, code - 90 | 8);
        } else if (code >= 100 && code <= 107) {
            pen.bg = palette(pen.bg, Cells.MODE_16, code - 100 | 8);
        }
    }

    private static int palette(int attributes, int mode, int index) {
        return attributes & ~Cells.COLOR | mode | index;
    }

    /**
     * 38, 48, 58 with their arguments as sub-parameters or as parameters. Returns how many parameters follow.
     */
    private int color(Params p, int at) {
        if (p.subCount(at) > 0) {
            subColor(p, at);
            return 0;
        }
        int mode = p.get(at + 1);
        int count = mode == 2 ? 4 : 2;
        if ((mode == 2 || mode == 5) && at + count < p.size() && p.flat()) {
            apply(p.get(at), mode, p.get(at + 2), p.get(at + 3), p.get(at + 4));
            return count;
        }
        return parameterColor(p, at);
    }

    /** {@code 38:5:n}, {@code 38:2:r:g:b} and, with a colour space, {@code 38:2:s:r:g:b}; what is left out is 0. */
    private void subColor(Params p, int at) {
        int mode = p.sub(at, 0);
        int first = mode == 2 && p.subCount(at) > RGB_WITHOUT_SPACE ? 2 : 1;
        int[] values = {p.get(at), mode, 0, 0, 0, 0};
        for (int i = 0; i < 3 && first + i < p.subCount(at); i++) {
            values[3 + i] = Math.max(0, p.sub(at, first + i));
        }
        apply(values[0], mode, values[3], values[4], values[5]);
    }

    /** The forms with semicolons, also those that end in sub-parameters, as the client reads them. */
    private int parameterColor(Params p, int at) {
        int[] values = {0, 0, -1, 0, 0, 0};
        int space = 0;
        int used = 0;
        do {
            values[used + space] = p.get(at + used);
            if (p.subCount(at + used) > 0) {
                trailingSubs(p, at + used, values, used, space);
                break;
            }
            if (values[1] == 5 && used + space >= 2 || values[1] == 2 && used + space >= 5) {
                break;
            }
            if (values[1] != 0) {
                space = 1;
            }
        } while (++used + at < p.size() && used + space < values.length);
        for (int i = 2; i < values.length; i++) {
            values[i] = values[i] == -1 ? 0 : values[i];
        }
        apply(values[0], values[1], values[3], values[4], values[5]);
        return used;
    }

    private static void trailingSubs(Params p, int index, int[] values, int used, int spaceBefore) {
        int space = spaceBefore;
        int i = 0;
        do {
            if (values[1] == 5) {
                space = 1;
            }
            if (used + i + 1 + space < values.length) { // a blue of its own leaves no room
                values[used + i + 1 + space] = p.sub(index, i);
            }
        } while (++i < p.subCount(index) && i + used + 1 + space < values.length);
    }

    /** {@code code} is 38, 48 or 58; {@code mode} 2 or 5, else nothing changes; {@code first} is red, or the index. */
    private void apply(int code, int mode, int first, int green, int blue) {
        if (mode != 2 && mode != 5) {
            return;
        }
        int color = mode == 2
                ? Cells.MODE_RGB | (first & 0xFF) << 16 | (green & 0xFF) << 8 | blue & 0xFF
                : Cells.MODE_256 | first & 0xFF;
        switch (code) {
            case 38 -> pen.fg = pen.fg & ~Cells.COLOR | color;
            case 48 -> pen.bg = pen.bg & ~Cells.COLOR | color;
            case 58 -> pen.extended = pen.extended.withColor(color);
            default -> {}
        }
    }
}
