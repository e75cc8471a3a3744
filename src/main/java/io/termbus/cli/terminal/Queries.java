package io.termbus.cli.terminal;

import io.termbus.vt.parser.Params;
import java.util.Arrays;
import java.util.Set;

/** Control functions that ask the terminal for a reply. A function is its prefix, intermediates and final byte. */
final class Queries {
    private static final Set<String> CSI = Set.of(
            "c", ">c", "=c", // device attributes
            "n", "?n", // status, cursor position
            "$p", "?$p", // mode
            ">q", // version
            "?u", // keyboard protocol
            "x", // parameters
            "?m", // modified keys
            "?S", // graphics
            "*y", "$w", "$u", "&u", "'|", "#|", "#R"); // checksum, reports of state, locator, attributes, colours

    /** Reports of the window: state, position, sizes, icon and title. */
    private static final Set<Integer> WINDOW_REPORTS = Set.of(11, 13, 14, 15, 16, 18, 19, 20, 21);
    /** Colours, kitty's colours and the clipboard: queries where a value is {@code ?}. */
    private static final Set<Integer> OSC = Set.of(4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 52);

    private Queries() {}

    static boolean csi(String function, Params params) {
        return function.equals("t") ? WINDOW_REPORTS.contains(params.get(0)) : CSI.contains(function);
    }

    /** DECRQSS and XTGETTCAP. */
    static boolean dcs(String function) {
        return function.equals("$q") || function.equals("+q");
    }

    static boolean osc(int id, String data) {
        return OSC.contains(id) && Arrays.stream(data.split(";")).anyMatch(each -> each.endsWith("?"));
    }
}
