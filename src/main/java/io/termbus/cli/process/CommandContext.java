package io.termbus.cli.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The environment, directory and standard streams of a command. Text is UTF-8 whatever the locale says, as the hub's is.
 *
 * @param environment all of it
 * @param directory the working directory, absolute
 * @param in standard input
 * @param bytes standard output, unbuffered
 * @param err standard error
 */
public record CommandContext(
        Map<String, String> environment, Path directory, InputStream in, OutputStream bytes, PrintStream err) {
    private static final String HOME = "HOME";

    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** A path of the user's, where {@code ~} is HOME. */
    public Path path(String text) {
        String home = variable(HOME).orElse(System.getProperty("user.home"));
        return directory.resolve(text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text);
    }

    /** Standard output for lines of text. */
    public PrintStream out() {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
