package io.termbus.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who listens on a TCP port of this machine, as far as Linux' {@code /proc} tells: of other users' processes it tells
 * only root. Reads files of every process; not for event loops.
 *
 * @param proc where {@code /proc} is
 */
record PortOwner(Path proc) {
    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int HEXADECIMAL = 16;
    private static final int MAX_SHOWN_CHARS = 60;

    static PortOwner ofThisMachine() {
        return new PortOwner(Path.of("/proc"));
    }

    /** Process id and command line, in words; empty where it cannot be seen. */
    Optional<String> of(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            sockets.addAll(listening(proc.resolve("net").resolve(table), port));
        }
        return sockets.isEmpty() ? Optional.empty() : holder(sockets);
    }

    private static Set<String> listening(Path table, int port) {
        Set<String> found = new HashSet<>();
        try {
            for (String line : Files.readAllLines(table, StandardCharsets.US_ASCII)) {
                String[] cells = line.strip().split("\\s+");
                if (cells.length > INODE && cells[STATE].equals(LISTEN) && portOf(cells[LOCAL_ADDRESS]) == port) {
                    found.add("socket:[" + cells[INODE] + "]");
                }
            }
        } catch (IOException e) {
            return Set.of(); // no Linux
        }
        return found;
    }

    private static int portOf(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), HEXADECIMAL);
    }

    private Optional<String> holder(Set<String> sockets) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    return Optional.of("process " + process.getFileName() + command(process));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.anyMatch(each -> isOneOf(each, sockets));
        } catch (IOException e) {
            return false; // another user's, or gone
        }
    }

    private static boolean isOneOf(Path descriptor, Set<String> sockets) {
        try {
            return sockets.contains(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /** The program alone: its arguments may hold a secret. */
    private static String command(Path process) {
        try {
            String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            String program = line.split("\0")[0].replaceAll("[^ -~]", "?");
            boolean hub = line.contains("termbus.jar");
            String shown = program.substring(0, Math.min(MAX_SHOWN_CHARS, program.length()));
            return (shown.isEmpty() ? "" : " (" + shown + (hub ? ", termbus.jar" : "") + ")");
        } catch (IOException e) {
            return "";
        }
    }
}
