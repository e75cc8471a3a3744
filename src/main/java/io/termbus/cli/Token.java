package io.termbus.cli;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.CommandContext;
import io.termbus.cli.process.FileErrors;
import io.termbus.cli.process.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the token. It has no option of its own: others would see it in the list of processes. */
final class Token {
    private static final int MAX_BYTES = 1024;
    private static final String FIX = "give --token-file FILE or TERMBUS_AUTH_TOKEN";

    private Token() {}

    /** @param file the one of the option */
    static String find(Optional<Path> file, CommandContext context) throws CliException {
        if (file.isPresent()) {
            return read(file.get());
        }
        Optional<String> given = context.variable("TERMBUS_AUTH_TOKEN");
        if (given.isPresent()) {
            return given.get();
        }
        String home = context.variable("TERMBUS_HOME").orElse("~/.termbus");
        return read(context.path(home).resolve("token"));
    }

    private static String read(Path file) throws CliException {
        try (InputStream in = Files.newInputStream(file)) {
            String token = new String(in.readNBytes(MAX_BYTES + 2), StandardCharsets.ISO_8859_1).strip();
            if (token.isEmpty() || token.length() > MAX_BYTES || token.chars().anyMatch(Character::isISOControl)) {
                throw new CliException(Status.CONFIG, file + " holds no token; " + FIX);
            }
            return token;
        } catch (IOException e) {
            throw new CliException(
                    Status.CONFIG, "no token: " + FileErrors.reason(e) + "; start a hub as this user, or " + FIX);
        }
    }
}
