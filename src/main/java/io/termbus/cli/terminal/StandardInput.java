package io.termbus.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** This process' standard input, which may be anything and need not be there. */
public final class StandardInput {
    private static final Path LINK = Path.of("/proc/self/fd/0");
    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/\\d+|tty.*|console)( \\(deleted\\))?");

    private StandardInput() {}

    /** Opens it; that of a process that was started without one (in a shell {@code <&-}) is at its end at once. */
    public static InputStream open() {
        return isClosed(target()) ? InputStream.nullInputStream() : new FileInputStream(FileDescriptor.in);
    }

    /** Returns whether it is a terminal. Starts a process where there is no {@code /proc}. */
    public static boolean isTerminal() {
        Optional<String> target = target();
        return Files.isDirectory(LINK.getParent())
                ? target.filter(name -> TERMINAL.matcher(name).matches()).isPresent()
                : LocalTerminal.present() || ttySays();
    }

    private static Optional<String> target() {
        try {
            return Optional.of(Files.readSymbolicLink(LINK).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The JVM's own first file takes the number of a standard input that is not there. */
    private static boolean isClosed(Optional<String> target) {
        return target.map(name -> name.startsWith(System.getProperty("java.home")))
                .orElse(Files.isDirectory(LINK.getParent()));
    }

    private static boolean ttySays() {
        try {
            return new ProcessBuilder("tty", "-s")
                            .redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no tty here, such as on Windows
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
