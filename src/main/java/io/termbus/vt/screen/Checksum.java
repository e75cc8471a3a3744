package io.termbus.vt.screen;

/**
 * The checksum of DECRQCRA as xterm works it out unless told otherwise: characters and video attributes of the cells,
 * blanks at the end of a row left out, negated, 16 bits. An erased cell counts as a blank.
 */
final class Checksum {
    private static final int UNDERLINE = 0x10;
    private static final int INVERSE = 0x20;
    private static final int BLINK = 0x40;
    private static final int BOLD = 0x80;

    private Checksum() {}

    static int of(ScreenBuffer buffer, Rectangle area) {
        int sum = 0;
        for (int y = area.top(); y < area.bottom(); y++) {
            Row row = buffer.row(y);
            int end = area.right();
            int first = y == area.top() ? area.left() + 1 : area.left();
            while (end > first && cell(row, end - 1) == ' ') {
                end--;
            }
            for (int x = area.left(); x < end; x++) {
                sum += cell(row, x);
            }
        }
        return -sum & 0xFFFF;
    }

    private static int cell(Row row, int x) {
        if (row.content(x) == 0) {
            return 0; // the right half of a wide character
        }
        int fg = row.fg(x);
        int sum = row.hasContent(x) ? row.text(x).codePoints().sum() : ' ';
        sum += (fg & Cells.FG_UNDERLINE) == 0 ? 0 : UNDERLINE;
        sum += (fg & Cells.FG_INVERSE) == 0 ? 0 : INVERSE;
        sum += (fg & Cells.FG_BLINK) == 0 ? 0 : BLINK;
        return sum + ((fg & Cells.FG_BOLD) == 0 ? 0 : BOLD);
    }
}
