package io.termbus.session;

import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.termbus.pty.PtyModes;
import io.termbus.pty.PtySpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A checked request to create a session. */
record SessionSpec(
        List<String> command,
        Path directory,
        Map<String, String> environment,
        int cols,
        int rows,
        String name,
        List<String> initialCommands,
        PtyModes modes,
        boolean waitForSubscriber,
        boolean viewersMayBlock) {
    static final int MAX_SIZE = 1000;
    static final int MAX_NAME_CHARS = 200;
    /** Linux' limit for a path. */
    private static final int MAX_PATH_CHARS = 4096;
    /** Linux' limit for one argument or environment string (MAX_ARG_STRLEN). */
    private static final int MAX_ARGUMENT_CHARS = 131_072;

    private static final int MAX_ARGUMENTS = 4096;
    private static final int MAX_VARIABLES = 1024;
    private static final int MAX_INITIAL_COMMANDS = 256;

    /**
     * @param hubEnvironment the hub's own environment: the default shell and directory come from it
     */
    static SessionSpec of(Fields fields, Map<String, String> hubEnvironment) {
        List<String> command =
                fields.texts("command", MAX_ARGUMENTS, MAX_ARGUMENT_CHARS).orElseGet(() -> shell(hubEnvironment));
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw HubException.malformed("field 'command' must name a program, was " + command);
        }
        noNul("command", command);
        Map<String, String> wanted = variables(fields);
        wanted.forEach(SessionSpec::checkVariable);
        return new SessionSpec(
                command,
                directory(fields.text("cwd", MAX_PATH_CHARS), hubEnvironment),
                ChildEnvironment.of(hubEnvironment, wanted),
                fields.intOr("cols", 1, MAX_SIZE, 80),
                fields.intOr("rows", 1, MAX_SIZE, 24),
                fields.text("name", MAX_NAME_CHARS).orElseGet(() -> baseName(command.get(0))),
                fields.texts("initialCommands", MAX_INITIAL_COMMANDS, MAX_ARGUMENT_CHARS)
                        .orElse(List.of()),
                new PtyModes(fields.flagOr("rawOutput", false), fields.flagOr("echo", true)),
                fields.flagOr("waitForSubscriber", false),
                fields.flagOr("viewersMayBlock", false));
    }

    /** What the client wants in the child's environment. */
    static Map<String, String> variables(Fields fields) {
        return fields.textMap("env", MAX_VARIABLES, MAX_ARGUMENT_CHARS);
    }

    PtySpec pty() {
        return new PtySpec(command, environment, directory, cols, rows, modes);
    }

    private static List<String> shell(Map<String, String> hubEnvironment) {
        String shell = hubEnvironment.getOrDefault("SHELL", "");
        return List.of(shell.isEmpty() ? "/bin/sh" : shell);
    }

    private static Path directory(Optional<String> wanted, Map<String, String> hubEnvironment) {
        String path = wanted.orElseGet(() -> hubEnvironment.getOrDefault("HOME", "/"));
        noNul("cwd", List.of(path));
        Path directory = Path.of(path);
        if (!directory.isAbsolute()) {
            throw Fields.bad("cwd", "must be an absolute path", path);
        }
        return directory;
    }

    private static void checkVariable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw Fields.bad("env", "must have names without '=', not empty", name);
        }
        noNul("env." + name, List.of(name, value));
    }

    private static void noNul(String field, List<String> values) {
        for (String value : values) {
            if (value.indexOf('\0') >= 0) {
                throw Fields.bad(field, "must not hold a NUL character", value);
            }
        }
    }

    private static String baseName(String program) {
        return program.substring(program.lastIndexOf('/') + 1);
    }
}
