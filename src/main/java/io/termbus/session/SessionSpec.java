package io.termbus.session;

import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.termbus.pty.PtyModes;
import io.termbus.pty.PtySpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A checked request to create a session.
 *
 * @param variables what the client wants in the child's environment, beside what is in {@code common}
 */
record SessionSpec(
        List<String> command,
        Path directory,
        Map<String, String> variables,
        ChildEnvironment common,
        int cols,
        int rows,
        String name,
        List<String> initialCommands,
        PtyModes modes,
        boolean waitForSubscriber,
        boolean pipedInput,
        QueryAnswers answers,
        boolean viewersMayBlock,
        boolean record,
        Optional<ShellIntegration> integration) {
    static final int MAX_SIZE = 1000;
    static final int MAX_NAME_CHARS = 200;
    /** Linux' limit for a path. */
    private static final int MAX_PATH_CHARS = 4096;

    private static final int MAX_ARGUMENT_CHARS = 131_072;
    /** Linux' limit for one argument, or one variable with its name (MAX_ARG_STRLEN), less the zero at its end. */
    private static final int MAX_ARGUMENT_BYTES = 131_071;

    private static final int MAX_ARGUMENTS = 4096;
    private static final int MAX_VARIABLES = 1024;
    private static final int MAX_INITIAL_COMMANDS = 256;

    /**
     * @param childEnvironment the default shell and directory come from it, too
     * @param shellFiles where the hub may have files for shells
     */
    static SessionSpec of(Fields fields, ChildEnvironment childEnvironment, Optional<Path> shellFiles) {
        Map<String, String> hubEnvironment = childEnvironment.inherited();
        List<String> command =
                fields.texts("command", MAX_ARGUMENTS, MAX_ARGUMENT_CHARS).orElseGet(() -> shell(hubEnvironment));
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw HubException.malformed("field 'command' must name a program, was " + command);
        }
        checkTexts("command", command);
        Map<String, String> wanted = fields.textMap("env", MAX_VARIABLES, MAX_ARGUMENT_CHARS);
        wanted.forEach(SessionSpec::checkVariable);
        List<String> initialCommands = fields.texts("initialCommands", MAX_INITIAL_COMMANDS, MAX_ARGUMENT_CHARS)
                .orElse(List.of());
        for (int i = 0; i < initialCommands.size(); i++) {
            encoded("initialCommands[" + i + "]", initialCommands.get(i));
        }
        boolean piped = fields.choice("stdin", List.of("terminal", "pipe")).equals("pipe");
        boolean integrates =
                fields.choice("shellIntegration", List.of("off", "auto")).equals("auto");
        return new SessionSpec(
                command,
                directory(fields.text("cwd", MAX_PATH_CHARS), hubEnvironment),
                wanted,
                childEnvironment,
                fields.intOr("cols", 1, MAX_SIZE, 80),
                fields.intOr("rows", 1, MAX_SIZE, 24),
                fields.text("name", MAX_NAME_CHARS).orElseGet(() -> baseName(command.get(0))),
                initialCommands,
                new PtyModes(fields.flagOr("rawOutput", false), fields.flagOr("echo", true)),
                fields.flagOr("waitForSubscriber", false),
                piped,
                QueryAnswers.valueOf(fields.choice("answers", List.of("always", "raw", "never"))
                        .toUpperCase(Locale.ROOT)),
                fields.flagOr("viewersMayBlock", false),
                fields.flagOr("record", false),
                shellFiles.filter(files -> integrates && !piped).flatMap(files -> ShellIntegration.of(command, files)));
    }

    /** What the marks of its shell end with; empty: it makes none that count. */
    Optional<String> nonce() {
        return integration.map(ShellIntegration::nonce);
    }

    Optional<Shell> shell() {
        return integration.map(ShellIntegration::shell);
    }

    /** Looks at files, at the directory where its path leads through {@code ..}: call on a worker. */
    PtySpec pty() {
        Map<String, String> all = common.with(variables);
        if (!all.containsKey("PWD")) {
            workingDirectory().ifPresent(path -> all.put("PWD", path));
        }
        PtySpec plain = new PtySpec(command, all, directory, cols, rows, modes, pipedInput);
        return integration.map(shell -> shell.start(plain)).orElse(plain);
    }

    /** As asked for, links and all; shells believe only a path without {@code .} and {@code ..} (POSIX). */
    private Optional<String> workingDirectory() {
        if (directory.equals(directory.normalize())) {
            return Optional.of(directory.toString());
        }
        try {
            return Optional.of(directory.toRealPath().toString());
        } catch (IOException e) {
            return Optional.empty(); // the start tells
        }
    }

    private static List<String> shell(Map<String, String> hubEnvironment) {
        String shell = hubEnvironment.getOrDefault("SHELL", "");
        return List.of(shell.isEmpty() ? "/bin/sh" : shell);
    }

    private static Path directory(Optional<String> wanted, Map<String, String> hubEnvironment) {
        String path = wanted.orElseGet(() -> hubEnvironment.getOrDefault("HOME", "/"));
        checkText("cwd", path);
        Path directory;
        try {
            directory = Path.of(path);
        } catch (InvalidPathException e) {
            throw Fields.bad("cwd", "must be a path that the locale of the hub can name", path);
        }
        if (!directory.isAbsolute()) {
            throw Fields.bad("cwd", "must be an absolute path", path);
        }
        return directory;
    }

    private static void checkVariable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw Fields.bad("env", "must have names without '=', not empty", name);
        }
        checkText("env", name);
        checkText("env." + name, value, encoded("env", name).length + 1);
    }

    private static void checkTexts(String field, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            checkText(field + "[" + i + "]", values.get(i));
        }
    }

    private static void checkText(String field, String value) {
        checkText(field, value, 0);
    }

    /** @param before bytes that are in one string with it */
    private static void checkText(String field, String value, int before) {
        if (value.indexOf('\0') >= 0) {
            throw Fields.bad(field, "must not hold a NUL character", value);
        }
        int bytes = encoded(field, value).length + before;
        if (bytes > MAX_ARGUMENT_BYTES) {
            throw Fields.bad(field, "must have at most " + MAX_ARGUMENT_BYTES + " bytes in UTF-8, has " + bytes, value);
        }
    }

    /** In UTF-8, which has no halves of characters. */
    private static byte[] encoded(String field, String value) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            byte[] all = new byte[bytes.remaining()];
            bytes.get(all);
            return all;
        } catch (CharacterCodingException e) {
            throw Fields.bad(field, "must be Unicode: it has half of a surrogate pair", "…");
        }
    }

    static String baseName(String program) {
        return program.substring(program.lastIndexOf('/') + 1);
    }
}
