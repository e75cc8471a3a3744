package io.termbus.pty;

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
     * @throws CommandException naming the directory or the program that does not exist or cannot be executed
     */
    static String find(PtySpec spec) throws CommandException {
        checkDirectory(spec.directory());
        if (spec.command().isEmpty() || spec.command().get(0).isEmpty()) {
            throw new CommandException("the command is empty");
        }
        String program = spec.command().get(0);
        try {
            return program.contains("/")
                    ? direct(spec.directory(), program)
                    : search(spec.directory(), program, spec.environment().getOrDefault("PATH", DEFAULT_PATH));
        } catch (InvalidPathException e) {
            throw new CommandException("not a path: " + program, e);
        }
    }

    private static void checkDirectory(Path directory) throws CommandException {
        if (!Files.exists(directory)) {
            throw wrong("working directory does not exist: " + directory);
        }
        if (!Files.isDirectory(directory)) {
            throw wrong("working directory is not a directory: " + directory);
        }
        if (!Files.isExecutable(directory)) {
            throw wrong("working directory may not be entered: " + directory);
        }
    }

    private static CommandException wrong(String message) {
        return new CommandException(CommandException.Subject.DIRECTORY, message);
    }

    private static String direct(Path directory, String program) throws CommandException {
        Path path = directory.resolve(program).toAbsolutePath();
        if (!Files.exists(path)) {
            throw new CommandException("program does not exist: " + program);
        }
        if (!executable(path)) {
            throw notExecutable(program);
        }
        return path.toString();
    }

    private static String search(Path directory, String program, String searchPath) throws CommandException {
        boolean found = false;
        for (String entry : searchPath.split(":", -1)) {
            Path path = directory.resolve(entry).resolve(program).toAbsolutePath();
            if (Files.isRegularFile(path)) {
                if (Files.isExecutable(path)) {
                    return path.toString();
                }
                found = true;
            }
        }
        if (found) {
            throw notExecutable(program);
        }
        throw new CommandException("program not found in PATH: " + program);
    }

    private static boolean executable(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }

    private static CommandException notExecutable(String program) {
        return new CommandException("program is not executable: " + program);
    }
}
