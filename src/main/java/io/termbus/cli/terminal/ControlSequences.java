package io.termbus.cli.terminal;

import io.termbus.cli.process.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Control sequences that bring the user's terminal from one state into another, all in ASCII. */
public final class ControlSequences {
    /** Mouse, focus, paste, size and colour reports; how keys, the wheel and pictures act: all as after a reset. */
    private static final String MODES_OFF = "\033[?9l\033[?1000l\033[?1001l\033[?1002l\033[?1003l\033[?1005l\033[?1006l"
            + "\033[?1015l\033[?1016l\033[?1004l\033[?1007l\033[?2004l\033[?2026l\033[?2031l\033[?2048l\033[?9001l"
            + "\033[?80l\033[?8452l\033[?7727l\033[?7786l\033[?1042l\033[?1043l";

    /**
     * The beginning of a snapshot, instead of a full reset, which would clear the scrollback of the user's
     * terminal: an unfinished sequence ends; main screen, full margins, plain keys, text, links, tabs and character sets.
     */
    private static final String PLAIN = "\030\033[=0u\033[?1049l\033[!p" + MODES_OFF
            + "\033[?1l\033[?5l\033[?6l\033[?45l\033[?66l\033[?69l\033[?7h\033[?8h\033[?25h"
            + "\033[2l\033[4l\033[12h\033[20l\033[r\033[>1m\033[>2m\033[>4m\033[>4f\033[=0u\033>"
            + "\033%G\033(B\033)B\033*B\033+B\017\033[?5W\033[0m\033[0\"q\033[0*x\033[0 q\033]8;;\033\\";

    /** Palette, special colours, text, cursor, pointer and selection as the user has them. */
    private static final String USUAL_COLORS = "\033]104\033\\\033]105\033\\\033]110\033\\\033]111\033\\\033]112\033\\"
            + "\033]113\033\\\033]114\033\\\033]117\033\\\033]119\033\\";

    /** No progress, and the usual pointer. */
    private static final String NO_SIGNS = "\033]9;4;0\033\\\033]22;\033\\";

    /** Modes that are saved meanwhile, as users differ: blinking, wheel, meta and backspace keys, widths. */
    static final List<Integer> KEPT = List.of(12, 67, 1007, 1034, 1035, 1036, 1039, 2027);

    private static final String KEPT_MODES =
            "\033[?" + KEPT.stream().map(String::valueOf).collect(Collectors.joining(";"));

    /** Clears the terminal before each snapshot. */
    static final String BLANK = PLAIN + NO_SIGNS + "\033[H\033[J";

    /** Leaves the terminal plain, with colours, keys and title as before, the cursor on a new last line. */
    static final String LEAVE = PLAIN + USUAL_COLORS + NO_SIGNS + KEPT_MODES + "r\033[<1u\033[23;0t\033[999;1H\r\n";

    private ControlSequences() {}

    /** Keeps the old title, keys and modes, shows what to press, and moves what is on the screen into the scrollback. */
    public static byte[] enter(String title, int rows) {
        return bytes("\033[22;0t" + KEPT_MODES + "s\033[>0u\033]2;" + Text.printable(title) + "\007\033[999;1H"
                + "\n".repeat(rows) + "\033[H");
    }

    /** A line at the bottom, over what is there: afterwards the screen must be drawn anew. */
    public static byte[] notice(String text) {
        return bytes("\030\033[r\033[999;1H\033[0;7m " + Text.printable(text) + " \033[0m\033[K");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
