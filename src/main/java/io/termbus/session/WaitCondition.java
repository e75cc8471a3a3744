package io.termbus.session;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** What somebody waits for. */
sealed interface WaitCondition {
    int MAX_CHARS = 512;
    String KINDS = "must be one of {text}, {regex}, {idleMs}, {prompt: true}, {command: id}, {exit: true}";
    int MIN_IDLE_MS = 1;
    /** Instructions of a compiled regex: each may look at every character, which takes some 5 ns. */
    int MAX_REGEX_SIZE = 500;
    /** Up to which it is compiled, on the event loop: two classes of Unicode with a hundred ranges took 50 ms, one takes about one. */
    int MAX_REGEX_BOUND = 1200;

    /** A line has this in it. */
    record Text(String text) implements WaitCondition {}

    /** A line has something in it that matches; in time that is linear in its length. */
    record Regex(Pattern pattern) implements WaitCondition {}

    /** No output for so long. */
    record Idle(long ms) implements WaitCondition {}

    /** The program has exited. */
    record Exit() implements WaitCondition {}

    /** The shell shows a prompt. */
    record Prompt() implements WaitCondition {}

    /** A command has ended. */
    record Command(long id) implements WaitCondition {}

    /** Whether a line is what is waited for. */
    default boolean isIn(String line) {
        if (this instanceof Text wanted) {
            return line.contains(wanted.text());
        }
        return this instanceof Regex regex && regex.pattern().matcher(line).find();
    }

    /** It is looked for on the screen. */
    default boolean isOfScreen() {
        return this instanceof Text || this instanceof Regex;
    }

    /** A shell tells of it. */
    default boolean isOfShell() {
        return this instanceof Prompt || this instanceof Command;
    }

    /** What it costs to look at a character of a line. */
    default int unitsOfCharacter() {
        return this instanceof Regex regex ? regex.pattern().programSize() : isOfScreen() ? 1 : 0;
    }

    /** @param field its name, for errors */
    static WaitCondition of(String field, Object value, long maxMs) {
        if (!(value instanceof JsonObject object) || object.size() != 1) {
            throw Fields.bad(field, KINDS, value);
        }
        Fields fields = Fields.of(object);
        String kind = object.fieldNames().iterator().next();
        return switch (kind) {
            case "text" -> new Text(text(field, fields, kind));
            case "regex" -> regex(field, text(field, fields, kind));
            case "idleMs" ->
                new Idle(fields.number(kind, MIN_IDLE_MS, maxMs)
                        .orElseThrow(() -> Fields.bad(field, "must not be null", null)));
            case "exit" -> onlyTrue(field, fields, kind, new Exit());
            case "prompt" -> onlyTrue(field, fields, kind, new Prompt());
            case "command" ->
                new Command(fields.number(kind, 1, Long.MAX_VALUE)
                        .orElseThrow(() -> Fields.bad(field, "must not be null", null)));
            default -> throw Fields.bad(field, KINDS, value);
        };
    }

    private static String text(String field, Fields fields, String kind) {
        return Optional.of(fields.requiredText(kind, MAX_CHARS))
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> Fields.bad(field + "." + kind, "must not be empty", ""));
    }

    private static WaitCondition onlyTrue(String field, Fields fields, String kind, WaitCondition condition) {
        if (!fields.flagOr(kind, false)) {
            throw Fields.bad(field + "." + kind, "must be true", false);
        }
        return condition;
    }

    private static WaitCondition regex(String field, String regex) {
        if (RegexSize.hasWideRange(regex)) {
            throw Fields.bad(field + ".regex", "must not have a range beyond ASCII where case does not matter", regex);
        }
        try {
            if (RegexSize.bound(regex, MAX_REGEX_BOUND) > MAX_REGEX_BOUND) {
                throw tooLarge(field, regex);
            }
            Pattern pattern = Pattern.compile(regex);
            if (pattern.programSize() > MAX_REGEX_SIZE) {
                throw tooLarge(field, regex);
            }
            return new Regex(pattern);
        } catch (PatternSyntaxException e) {
            throw Fields.bad(field + ".regex", "must be a regular expression of RE2 (" + e.getMessage() + ")", regex);
        }
    }

    private static HubException tooLarge(String field, String regex) {
        return Fields.bad(field + ".regex", "is too large when its repetitions are written out", regex);
    }
}
