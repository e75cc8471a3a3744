package io.termbus.session;

import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What zsh prints behind each command, before any of its functions can tell that it has ended: a mark, and spaces that have the
 * terminal go to the next row where the cursor is not at the beginning of one (PROMPT_SP). To who reads lines without a
 * screen they would be part of the last one.
 */
final class ZshEndOfLine {
    /** The widest screen, and the mark with its attributes. */
    private static final int MAX_BYTES = SessionSpec.MAX_SIZE + 64;

    private static final String ATTRIBUTES = "(?:\\x1b\\[[0-9;]*m){0,5}";
    private static final Pattern END = Pattern.compile(ATTRIBUTES + "[%#]?" + ATTRIBUTES + " {2,}\\r {0,8}\\r$");

    private ZshEndOfLine() {}

    static SessionMessage.Held without(SessionMessage.Held output) {
        byte[] all = output.payload().bytes();
        int from = Math.max(0, all.length - MAX_BYTES);
        Matcher end = END.matcher(new String(all, from, all.length - from, StandardCharsets.ISO_8859_1));
        return end.find()
                ? new SessionMessage.Held(output.from(), Payload.of(Arrays.copyOf(all, from + end.start())))
                : output;
    }
}
