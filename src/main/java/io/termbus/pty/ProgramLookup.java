package io.termbus.pty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Finds the program of a {@link PtySpec} as execvp does, but says what is wrong. */
final class ProgramLookup {
    /** As execvp's where the environment has no PATH. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private ProgramLookup() {}

    /**
     * The absolute path of an executable file. A name with a slash is relative to the working directory,
     * others are searched in the environment's PATH.
     *
     * @throws IOException naming the directory or the program that does not exist or cannot be executed
     */
    static String find(PtySpec spec) throws IOException {
        checkDirectory(spec.directory());
        if (spec.command().isEmpty() || spec.command().get(0).isEmpty()) {
            throw new IOException("the command is empty");
        }
        String program = spec.command().get(0);
        try {
            return program.contains("/")
                    ? direct(spec.directory(), program)
                    : search(spec.directory(), program, spec.environment().getOrDefault("PATH", DEFAULT_PATH));
        } catch (InvalidPathException e) {
            throw new IOException("not a path: " + program, e);
        }
    }

    private static void checkDirectory(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            throw new IOException("working directory does not exist: " + directory);
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException("working directory is not a directory: " + directory);
        }
    }

    private static String direct(Path directory, String program) throws IOException {
        Path path = directory.resolve(program).toAbsolutePath();
        if (!Files.exists(path)) {
            throw new IOException("program does not exist: " + program);
        }
        if (!executable(path)) {
            throw notExecutable(program);
        }
        return path.toString();
    }

    private static String search(Path directory, String program, String searchPath) throws IOException {
        boolean found = false;
        for (String entry : searchPath.split(":", -1)) {
            Path path = directory.resolve(entry).resolve(program).toAbsolutePath();
            if (executable(path)) {
                return path.toString();
            }
            found |= Files.isRegularFile(path);
        }
        if (found) {
            throw notExecutable(program);
        }
        throw new IOException("program not found in PATH: " + program);
    }

    private static boolean executable(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }

    private static IOException notExecutable(String program) {
        return new IOException("program is not executable: " + program);
    }
}
