package io.termbus.cli.attach;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Removes a terminal's replies from what is typed, should it have been asked all the same, say by a
 * program before this one. A reply comes in one piece; what is cut is taken for keys, as Alt-P and Alt-]
 * begin like replies. A cursor position is left in: F3 with a modifier looks like one.
 */
final class TerminalReplies {
    private static final Pattern REPLY = Pattern.compile(
            "\033(?:\\[[?>=][0-9;]*c" // device attributes
                    + "|\\[\\??[0-9;]+\\$y" // mode
                    + "|\\[\\??[0-9;]*n" // status
                    + "|\\[\\?[0-9;]*[uR]" // keyboard protocol, cursor position
                    + "|\\[[0-9;]+t" // window
                    + "|[P\\]_][^\007\033]*(?:\007|\033\\\\))"); // strings

    private TerminalReplies() {}

    /** Returns the keys among the first {@code length} bytes. */
    static byte[] without(byte[] typed, int length) {
        String text = new String(typed, 0, length, StandardCharsets.ISO_8859_1);
        return REPLY.matcher(text).replaceAll("").getBytes(StandardCharsets.ISO_8859_1);
    }
}
