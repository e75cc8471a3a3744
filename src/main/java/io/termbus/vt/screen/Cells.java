package io.termbus.vt.screen;

/**
 * Bit layout of a cell, the client's own: content (code point, combined flag, width), foreground with
 * flags, background with flags.
 */
public final class Cells {
    public static final int CODE_POINT = 0x1FFFFF;
    /** The text is in the row's side table, the code point is 0. */
    public static final int COMBINED = 1 << 21;

    public static final int HAS_CONTENT = 0x3FFFFF;
    public static final int WIDTH_SHIFT = 22;
    /** An erased cell: no code point, width 1. */
    public static final int NULL = 1 << WIDTH_SHIFT;

    public static final int COLOR = 0x3FFFFFF;
    public static final int MODE_MASK = 0x3000000;
    public static final int MODE_16 = 0x1000000;
    public static final int MODE_256 = 0x2000000;
    public static final int MODE_RGB = 0x3000000;

    public static final int FG_INVERSE = 0x4000000;
    public static final int FG_BOLD = 0x8000000;
    public static final int FG_UNDERLINE = 0x10000000;
    public static final int FG_BLINK = 0x20000000;
    public static final int FG_INVISIBLE = 0x40000000;
    public static final int FG_STRIKETHROUGH = 0x80000000;

    public static final int BG_ITALIC = 0x4000000;
    public static final int BG_DIM = 0x8000000;
    /** The cell's {@link Extended} attributes count. */
    public static final int BG_EXTENDED = 0x10000000;

    public static final int BG_PROTECTED = 0x20000000;
    public static final int BG_OVERLINE = 0x40000000;

    private Cells() {}

    public static int width(int content) {
        return content >>> WIDTH_SHIFT;
    }

    static int content(int codePoint, int width) {
        return codePoint | width << WIDTH_SHIFT;
    }
}
