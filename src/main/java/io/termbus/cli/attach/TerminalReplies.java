package io.termbus.cli.attach;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Takes a terminal's answers out of what comes from it, should it have been asked all the same, say by a
 * program before this one. An answer comes in one piece; what is cut is taken for keys, as Alt-P and Alt-]
 * begin like answers. A cursor position is left in: F3 with a modifier looks like one.
 */
final class TerminalReplies {
    private static final Pattern ANSWER = Pattern.compile(
            "\033(?:\\[[?>=][0-9;]*c" // device attributes
                    + "|\\[\\??[0-9;]+\\$y" // mode
                    + "|\\[\\??[0-9;]*n" // status
                    + "|\\[\\?[0-9;]*[uR]" // keyboard protocol, cursor position
                    + "|\\[[0-9;]+t" // window
                    + "|[P\\]_][^\007\033]*(?:\007|\033\\\\))"); // strings

    private TerminalReplies() {}

    /** The keys among the first {@code length} bytes. */
    static byte[] without(byte[] typed, int length) {
        String text = new String(typed, 0, length, StandardCharsets.ISO_8859_1);
        return ANSWER.matcher(text).replaceAll("").getBytes(StandardCharsets.ISO_8859_1);
    }
}
