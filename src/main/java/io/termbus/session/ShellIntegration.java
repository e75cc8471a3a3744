package io.termbus.session;

import io.termbus.protocol.Ids;
import io.termbus.pty.PtySpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a shell tell of its prompts and commands by marks in its output, beside all that its user has set: it is started so
 * that it reads a file of the hub's first, which reads the user's own.
 *
 * @param nonce what its marks end with, so that no other output can be taken for them
 * @param files the directory that the hub's files for shells are in
 */
record ShellIntegration(Shell shell, String nonce, Path files) {
    private static final Logger LOG = LoggerFactory.getLogger(ShellIntegration.class);
    /** Not the prefix of the hub's settings, which it would take it for. */
    private static final String NONCE = "_TERMBUS_NONCE";

    private static final String ZSH_DIRECTORY = "ZDOTDIR";
    private static final String DATA_DIRECTORIES = "XDG_DATA_DIRS";
    /** Where it is not set, as the XDG Base Directory Specification has it. */
    private static final String USUAL_DATA_DIRECTORIES = "/usr/local/share:/usr/share";

    /** With it bash reads no file of the hub's, and what is meant for that would go to children. */
    private static final String BASH_POSIX = "POSIXLY_CORRECT";

    private static final String SAVED = "_TERMBUS_";
    /** With others a shell reads no files, or others, or no commands from its terminal. */
    private static final Set<String> BASH_OPTIONS = Set.of("-i");

    private static final Set<String> OTHER_OPTIONS = Set.of("-i", "--interactive", "-l", "--login", "-il", "-li");

    /** Empty: the command is no shell that it is known for, or is not to read commands. */
    static Optional<ShellIntegration> of(List<String> command, Path files) {
        String program = SessionSpec.baseName(command.get(0));
        return Arrays.stream(Shell.values())
                .filter(shell -> program.equals(shell.program()))
                .filter(shell -> (shell == Shell.BASH ? BASH_OPTIONS : OTHER_OPTIONS)
                        .containsAll(command.subList(1, command.size())))
                .findFirst()
                .map(shell -> new ShellIntegration(shell, Ids.next(), files));
    }

    /** How the shell is started; as it would be without, where the files cannot be written. Call on a worker. */
    PtySpec start(PtySpec plain) {
        if (shell == Shell.BASH && plain.environment().containsKey(BASH_POSIX)) {
            return plain;
        }
        try {
            write();
        } catch (IOException e) {
            LOG.warn("{} starts without shell integration: {}", shell.program(), e.toString());
            return plain;
        }
        Map<String, String> environment = new HashMap<>(plain.environment());
        environment.put(NONCE, nonce);
        switch (shell) {
            case BASH -> {}
            case ZSH -> replace(environment, ZSH_DIRECTORY, files.resolve("zsh").toString());
            case FISH -> {
                String before = environment.getOrDefault(DATA_DIRECTORIES, "");
                replace(
                        environment,
                        DATA_DIRECTORIES,
                        files + ":" + (before.isEmpty() ? USUAL_DATA_DIRECTORIES : before));
            }
        }
        return new PtySpec(
                shell == Shell.BASH ? withInitFile(plain.command()) : plain.command(),
                environment,
                plain.directory(),
                plain.cols(),
                plain.rows(),
                plain.modes(),
                plain.pipedInput());
    }

    private static void replace(Map<String, String> environment, String name, String value) {
        String before = environment.put(name, value);
        if (before != null) {
            environment.put(SAVED + name, before);
        }
    }

    private List<String> withInitFile(List<String> command) {
        List<String> all = new ArrayList<>(command);
        all.addAll(1, List.of("--init-file", files.resolve(shell.file()).toString()));
        return all;
    }

    /** Where it is not there, or another version's. */
    private void write() throws IOException {
        Path file = files.resolve(shell.file());
        byte[] wanted = content();
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), wanted)) {
            return;
        }
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Path written = Files.createTempFile(file.getParent(), ".new", "");
        try {
            Files.write(written, wanted);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private byte[] content() throws IOException {
        try (InputStream in = ShellIntegration.class.getResourceAsStream("shell/" + shell.file())) {
            return Objects.requireNonNull(in, "not in the jar").readAllBytes();
        }
    }
}
