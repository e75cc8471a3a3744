package io.termbus.cli.attach;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key that leaves an attached session. Programs can make the terminal send a key with Ctrl as an escape
 * sequence (xterm's modifyOtherKeys, kitty's protocol), so it is known by those as well.
 */
record DetachKey(String label, List<byte[]> forms) {
    /**
     * The one of telnet: a single key, which shells leave alone. Ctrl-\ and Ctrl-C are signals, Ctrl-B, Ctrl-A, Ctrl-P
     * and Ctrl-O are keys of tmux, screen and line editors; of common programs only vim (tags) uses this one.
     */
    static final String DEFAULT = "ctrl-]";

    private static final String NONE = "none";
    private static final Pattern WITH_CTRL = Pattern.compile("(?:ctrl-|\\^)([a-z\\[\\]\\\\^_@])");
    private static final int CTRL = 0x1F;

    /** @param text such as {@code ctrl-]} or {@code ^]}, or {@code none} */
    static DetachKey of(String text) throws CliException {
        if (text.equals(NONE)) {
            return new DetachKey(NONE, List.of());
        }
        Matcher key = WITH_CTRL.matcher(text.toLowerCase(Locale.ROOT));
        if (!key.matches() || key.group(1).equals("[")) {
            throw new CliException(
                    Status.USAGE,
                    "--detach-key " + Text.printable(text) + ": give ctrl- and a letter or one of ]\\^_@, or none");
        }
        int character = key.group(1).charAt(0);
        return new DetachKey(
                "Ctrl-" + key.group(1).toUpperCase(Locale.ROOT),
                List.of(
                        new byte[] {(byte) (character & CTRL)},
                        ascii("\033[27;5;" + character + "~"),
                        ascii("\033[" + character + ";5u"),
                        ascii("\033[" + character + ";5:1u")));
    }

    /** Returns where in the first {@code length} bytes the key is; -1 where it is not. */
    int find(byte[] typed, int length) {
        int first = -1;
        for (byte[] form : forms) {
            int at = indexOf(typed, length, form);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }
        return first;
    }

    private static int indexOf(byte[] bytes, int length, byte[] wanted) {
        for (int at = 0; at + wanted.length <= length; at++) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
