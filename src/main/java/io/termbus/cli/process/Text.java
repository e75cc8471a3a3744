package io.termbus.cli.process;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Text for people. Names, titles and commands come from others: control characters are not printed. */
public final class Text {
    private static final int MAX_COMMAND_CHARS = 40;
    private static final String GAP = "  ";
    private static final int DEL = 0x7F;
    /** Kinds of characters that a terminal, or a reader of lines, may obey. */
    private static final Set<Byte> INVISIBLE = Set.of(
            Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SURROGATE);

    private Text() {}

    public static String printable(String text) {
        return text.codePoints()
                .map(each -> Character.isISOControl(each) || Character.getType(each) == Character.FORMAT ? '?' : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A line of JSON: it cannot drive a terminal either, as what may is escaped, which programs read as the same. */
    public static String json(JsonObject value) {
        return escaped(value.encode());
    }

    /** A line of JSON, like that of an object. */
    public static String json(JsonArray value) {
        return escaped(value.encode());
    }

    /** C0 controls the encoder has escaped, so ASCII is looked at for DEL only. */
    private static String escaped(String json) {
        if (json.chars().allMatch(each -> each < DEL)) {
            return json;
        }
        StringBuilder line = new StringBuilder(json.length());
        json.codePoints().forEach(each -> {
            if (INVISIBLE.contains((byte) Character.getType(each))) {
                for (char unit : Character.toChars(each)) {
                    line.append(String.format("\\u%04x", (int) unit));
                }
            } else {
                line.appendCodePoint(each);
            }
        });
        return line.toString();
    }

    /** Rows of cells in columns as wide as their widest cell. */
    public static String table(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = width(row.get(i));
                if (i == widths.size()) {
                    widths.add(width);
                } else if (width > widths.get(i)) {
                    widths.set(i, width);
                }
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i))
                        .append(" ".repeat(widths.get(i) - width(row.get(i))))
                        .append(GAP);
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }

    /** One cell for each code point: near enough for columns. */
    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    /** A session's command as one would type it, cut where it is long. */
    public static String command(JsonObject session) {
        JsonArray command = session.getJsonArray("command", new JsonArray());
        List<String> words = new ArrayList<>();
        command.forEach(word -> words.add(quoted(String.valueOf(word))));
        String line = printable(String.join(" ", words));
        return line.length() <= MAX_COMMAND_CHARS ? line : line.substring(0, MAX_COMMAND_CHARS - 1) + "…";
    }

    private static String quoted(String word) {
        return word.matches("[\\w@%+=:,./~-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** {@code running}, {@code exit 3} or {@code SIGKILL}. */
    public static String state(JsonObject session) {
        JsonObject exit = session.getJsonObject("exit");
        return exit == null ? session.getString("state", "") : exited(exit);
    }

    public static String exited(JsonObject exit) {
        return exit.getString("signal", "exit " + exit.getInteger("code"));
    }

    public static String size(JsonObject session) {
        return session.getInteger("cols") + "x" + session.getInteger("rows");
    }

    /** Returns an age such as {@code 5m}, from a time in ISO 8601. */
    public static String age(String since, Instant now) {
        try {
            return roughly(Duration.between(Instant.parse(since), now));
        } catch (DateTimeParseException e) {
            return "?";
        }
    }

    static String roughly(Duration duration) {
        if (duration.toMinutes() < 1) {
            return Math.max(0, duration.toSeconds()) + "s";
        }
        if (duration.toHours() < 1) {
            return duration.toMinutes() + "m";
        }
        return duration.toDays() < 1
                ? duration.toHours() + "h" + duration.toMinutesPart() + "m"
                : duration.toDays() + "d" + duration.toHoursPart() + "h";
    }
}
