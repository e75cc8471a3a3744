package io.termbus.cli;

import java.nio.charset.StandardCharsets;

/** Escape sequences that bring the user's terminal from one state into another. */
final class ScreenState {
    /**
     * What a snapshot begins with, instead of a full reset, which would clear the scrollback of the user's
     * terminal: an unfinished sequence ends; main screen, no mouse, paste and focus reports, full margins,
     * plain keys, text and character sets.
     */
    private static final String PLAIN = "\030\033[?1049l\033[!p"
            + "\033[?1000l\033[?1002l\033[?1003l\033[?1005l\033[?1006l\033[?1015l\033[?1016l"
            + "\033[?1004l\033[?2004l\033[?2026l\033[?1l\033[?5l\033[?6l\033[?45l\033[?7h\033[?25h"
            + "\033[4l\033[20l\033[r\033[>4m\033[=0u\033>\033(B\033)B\017\033[0m\033[0 q";

    private static final String USUAL_COLORS = "\033]104\033\\\033]110\033\\\033]111\033\\\033]112\033\\";

    /** Before each snapshot. */
    static final byte[] BLANK = bytes(PLAIN + "\033[H\033[J");

    /** After the last output: plain, usual colours, the title from before, the cursor on a new last line. */
    static final byte[] LEAVE = bytes(PLAIN + USUAL_COLORS + "\033[23;0t\033[999;1H\r\n");

    static final byte[] BELL = {7};

    private ScreenState() {}

    /** Keeps the old title, shows what to press, and moves what is on the screen into the scrollback. */
    static byte[] enter(String title, int rows) {
        return bytes("\033[22;0t\033]2;" + Text.printable(title) + "\007\033[999;1H" + "\n".repeat(rows) + "\033[H");
    }

    /** A line at the bottom, over what is there: afterwards the screen must be drawn anew. */
    static byte[] notice(String text) {
        return bytes("\030\033[r\033[999;1H\033[0;7m " + Text.printable(text) + " \033[0m\033[K");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
