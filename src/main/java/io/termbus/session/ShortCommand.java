package io.termbus.session;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The command of a session for those who did not ask for this one: a script given to {@code sh -c} may be a megabyte. */
final class ShortCommand {
    /** UTF-16 units of all arguments, and how many of them. */
    static final int MAX_CHARS = 8192;

    static final int MAX_ARGUMENTS = 256;

    private static final String MORE = "…";

    private ShortCommand() {}

    /**
     * Field {@code command}; where that is not all, its last argument ends in an ellipsis and field
     * {@code commandShortened} is true.
     */
    static JsonObject of(List<String> command) {
        JsonArray kept = new JsonArray();
        int room = MAX_CHARS;
        for (String argument : command) {
            if (argument.length() > room || kept.size() == MAX_ARGUMENTS) {
                kept.add(beginning(argument, kept.size() == MAX_ARGUMENTS ? 0 : room) + MORE);
                return new JsonObject().put("command", kept).put("commandShortened", true);
            }
            kept.add(argument);
            room -= argument.length();
        }
        return new JsonObject().put("command", kept);
    }

    /** Surrogates are not parted. */
    private static String beginning(String text, int chars) {
        boolean parts = chars > 0 && Character.isHighSurrogate(text.charAt(chars - 1));
        return text.substring(0, parts ? chars - 1 : chars);
    }
}
