package io.termbus.cli.terminal;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which control sequences ask the terminal for an answer. */
final class Queries {
    /** What a CSI is by its prefix, intermediates and final byte, whatever its parameters. */
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

    private static final Pattern CSI_PARTS = Pattern.compile("([<=>?]?)([0-9:;]*)([ -/]*)([@-~])", Pattern.DOTALL);
    /** Of the window: state, position, sizes, icon and title. */
    private static final Set<String> WINDOW_REPORTS = Set.of("11", "13", "14", "15", "16", "18", "19", "20", "21");

    /** Colours, kitty's colours and the clipboard: with a {@code ?} for the value these ask. */
    private static final Set<String> OSC =
            Set.of("4", "5", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "52");

    private Queries() {}

    /** @param sequence what follows CSI, through the final byte */
    static boolean csi(String sequence) {
        Matcher parts = CSI_PARTS.matcher(sequence);
        if (!parts.matches()) {
            return false;
        }
        String kind = parts.group(1) + parts.group(3) + parts.group(4);
        return kind.equals("t") ? WINDOW_REPORTS.contains(parts.group(2).split(";")[0]) : CSI.contains(kind);
    }

    /** @param head what follows DCS, through the final byte */
    static boolean dcs(String head) {
        return head.endsWith("$q") || head.endsWith("+q");
    }

    /** @param start the number and the semicolon */
    static boolean oscMayAsk(String start) {
        return OSC.contains(start.substring(0, start.length() - 1));
    }

    /** An OSC without the bytes that end it. */
    static String withoutEnd(String string) {
        return string.replaceFirst("(\007|\033\\\\)$", "");
    }

    /** @param string what follows OSC, through its end */
    static boolean osc(String string) {
        return Arrays.stream(withoutEnd(string).split(";")).skip(1).anyMatch(each -> each.endsWith("?"));
    }
}
