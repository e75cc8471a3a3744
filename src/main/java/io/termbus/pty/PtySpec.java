package io.termbus.pty;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to start.
 *
 * @param command program and arguments, at least one; the program is looked up in {@code environment}'s PATH
 * @param environment the child's whole environment; nothing is inherited
 * @param directory working directory, must exist
 * @param cols columns, 1..1000
 * @param rows rows, 1..1000
 * @param modes of its terminal
 * @param pipedInput its standard input is a pipe, see {@link Pty#writeInput}, and not its terminal
 */
public record PtySpec(
        List<String> command,
        Map<String, String> environment,
        Path directory,
        int cols,
        int rows,
        PtyModes modes,
        boolean pipedInput) {
    public PtySpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    public PtySpec(
            List<String> command, Map<String, String> environment, Path directory, int cols, int rows, PtyModes modes) {
        this(command, environment, directory, cols, rows, modes, false);
    }

    /** In a terminal of the usual kind. */
    public PtySpec(List<String> command, Map<String, String> environment, Path directory, int cols, int rows) {
        this(command, environment, directory, cols, rows, PtyModes.USUAL);
    }
}
