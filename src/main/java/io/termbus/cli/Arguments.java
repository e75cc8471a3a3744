package io.termbus.cli;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The arguments and variables as they were given: in a locale such as C, which build machines have, Java reads ASCII
 * only, and in all it takes another character for what it cannot read.
 */
final class Arguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final Path ENVIRONMENT = Path.of("/proc/self/environ");
    /** So much of a word is enough to know it by. */
    private static final int MAX_SHOWN_BYTES = 60;

    private Arguments() {}

    /**
     * The same arguments, read as UTF-8 where the system tells them.
     *
     * @throws CliException where one is not UTF-8
     */
    static String[] utf8(String[] args) throws CliException {
        if (Arrays.stream(args).allMatch(Arguments::isAscii)) {
            return args;
        }
        String[] given = given(COMMAND_LINE);
        return given.length < args.length
                ? args
                : utf8(Arrays.asList(given).subList(given.length - args.length, given.length));
    }

    /** @param given bytes as characters of ISO 8859-1 */
    static String[] utf8(List<String> given) throws CliException {
        String[] words = new String[given.size()];
        for (int i = 0; i < words.length; i++) {
            words[i] = utf8("argument '" + shown(given.get(i)) + "'", given.get(i));
        }
        return words;
    }

    /**
     * The same value of a variable, read as UTF-8 where the system tells it.
     *
     * @throws CliException where it is not UTF-8
     */
    static String variable(String name, String value) throws CliException {
        for (String each : isAscii(value) ? new String[0] : given(ENVIRONMENT)) {
            if (each.startsWith(name + "=")) {
                return utf8("the variable " + name, each.substring(name.length() + 1));
            }
        }
        return value;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /** What a file of words that NUL ends says; nothing where there is none. */
    private static String[] given(Path file) {
        try {
            String words = Files.readString(file, StandardCharsets.ISO_8859_1);
            String[] all = words.split("\0", -1);
            return Arrays.copyOf(all, all.length - 1);
        } catch (IOException e) {
            return new String[0];
        }
    }

    private static String utf8(String what, String given) throws CliException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(given.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CliException(Status.USAGE, what + " is not UTF-8, which the hub's text is");
        }
    }

    private static String shown(String given) {
        String start = given.substring(0, Math.min(given.length(), MAX_SHOWN_BYTES));
        return start.chars()
                        .mapToObj(each -> each < 128 ? Character.toString(each) : String.format("\\x%02x", each))
                        .collect(Collectors.joining())
                + (start.length() < given.length() ? "…" : "");
    }
}
