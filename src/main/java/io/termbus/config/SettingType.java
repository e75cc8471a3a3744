package io.termbus.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the text of a setting must look like and what it is read as.
 *
 * @param allowed what is allowed, in words, for error messages
 * @param mayBeNone whether empty text stands for no value
 */
record SettingType<T>(Class<T> type, String allowed, boolean mayBeNone, Reader<T> reader) {
    /** Room in {@code sockaddr_un} but for the closing zero, on Linux. */
    private static final int MAX_SOCKET_PATH_BYTES = 107;
    /** Longest text of any setting that is not a number: what a path may have on Linux. */
    private static final int MAX_TEXT_CHARS = 4096;

    private static final int MAX_HOST_CHARS = 253;
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,10}");
    private static final Pattern LARGE = Pattern.compile("[0-9]{1,18}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%\\w+)?]?");
    private static final Pattern TOKEN = Pattern.compile("[!-~&&[^\",;\\\\]]{1,1024}");

    /** Reads checked text; {@code userHome} is what a leading {@code ~} stands for. */
    @FunctionalInterface
    interface Reader<T> {
        T read(String text, Path userHome) throws RefusedException;
    }

    /** The text is not allowed. Who catches it knows what would be. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;
    }

    T read(String text, Path userHome) throws RefusedException {
        if (text.length() > MAX_TEXT_CHARS) {
            throw new RefusedException();
        }
        return reader.read(text, userHome);
    }

    static SettingType<Integer> whole(int min, int max) {
        String allowed = "a whole number from " + min + " to " + max;
        return new SettingType<>(Integer.class, allowed, false, (text, userHome) -> {
            long value = matches(WHOLE, text) ? Long.parseLong(text) : Long.MIN_VALUE;
            if (value < min || value > max) {
                throw new RefusedException();
            }
            return (int) value;
        });
    }

    /** A whole number that an int cannot hold. */
    static SettingType<Long> large(long min, long max) {
        return new SettingType<>(Long.class, "a whole number from " + min + " to " + max, false, (text, userHome) -> {
            long value = matches(LARGE, text) ? Long.parseLong(text) : -1;
            if (value < min || value > max) {
                throw new RefusedException();
            }
            return value;
        });
    }

    /** The same, or no value. */
    SettingType<T> orNothing() {
        return new SettingType<>(type, allowed + ", or nothing", true, reader);
    }

    static SettingType<Boolean> truth() {
        return new SettingType<>(Boolean.class, "true or false", false, (text, userHome) -> {
            if (!text.equals("true") && !text.equals("false")) {
                throw new RefusedException();
            }
            return text.equals("true");
        });
    }

    /** A name or an address; brackets around an IPv6 address are dropped. */
    static SettingType<String> host() {
        return new SettingType<>(String.class, "a host name or an IP address", false, (text, userHome) -> {
            if (!matches(HOST, text) || text.length() > MAX_HOST_CHARS || text.startsWith("[") != text.endsWith("]")) {
                throw new RefusedException();
            }
            return text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
        });
    }

    static SettingType<Path> directory() {
        return new SettingType<>(Path.class, "the path of a directory", false, SettingType::path);
    }

    static SettingType<Path> socket() {
        String allowed = "a path of at most " + MAX_SOCKET_PATH_BYTES + " bytes, or nothing";
        return new SettingType<>(Path.class, allowed, true, (text, userHome) -> {
            Path path = path(text, userHome);
            if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH_BYTES) {
                throw new RefusedException();
            }
            return path;
        });
    }

    static SettingType<String> token() {
        String allowed =
                "1 to 1024 printable ASCII characters without space, quote, comma, semicolon and backslash, or nothing";
        return new SettingType<>(String.class, allowed, true, (text, userHome) -> {
            if (!matches(TOKEN, text)) {
                throw new RefusedException();
            }
            return text;
        });
    }

    static SettingType<Path> file() {
        return new SettingType<>(Path.class, "the path of a file, or nothing", true, SettingType::path);
    }

    static SettingType<String> oneOf(String... choices) {
        List<String> all = List.of(choices);
        return new SettingType<>(String.class, "one of " + String.join(", ", all), false, (text, userHome) -> {
            if (!all.contains(text)) {
                throw new RefusedException();
            }
            return text;
        });
    }

    /** Text that matches {@code pattern}, or nothing. */
    static SettingType<String> text(String allowed, Pattern pattern) {
        return new SettingType<>(String.class, allowed + ", or nothing", true, (text, userHome) -> {
            if (!matches(pattern, text)) {
                throw new RefusedException();
            }
            return text;
        });
    }

    /** What matches {@code item}, any number of times, parted by commas. */
    static SettingType<Texts> texts(String allowed, Pattern item) {
        return texts(allowed, text -> matches(item, text));
    }

    static SettingType<Texts> texts(String allowed, Predicate<String> item) {
        return new SettingType<>(Texts.class, allowed + ", parted by commas, or nothing", true, (text, userHome) -> {
            List<String> items =
                    Stream.of(text.split(",", -1)).map(String::strip).toList();
            if (!items.stream().allMatch(item)) {
                throw new RefusedException();
            }
            return new Texts(items);
        });
    }

    /** The value of a setting that is a list. */
    record Texts(List<String> items) {}

    private static Path path(String text, Path userHome) throws RefusedException {
        if (text.isBlank()) {
            throw new RefusedException();
        }
        try {
            Path path = text.equals("~") || text.startsWith("~/")
                    ? userHome.resolve(text.substring(Math.min(2, text.length())))
                    : Path.of(text);
            return path.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new RefusedException();
        }
    }

    private static boolean matches(Pattern pattern, String text) {
        return pattern.matcher(text).matches();
    }
}
