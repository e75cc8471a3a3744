package io.termbus.pty;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the program of this process by another one (execve): the process, its children and the descriptors that are kept
 * stay what they are, all else goes. Linux. Blocks.
 */
public final class ProcessImage {
    /** Larger than any sigset_t. */
    private static final int SIGNAL_SET_BYTES = 128;
    /** Standard input, output and error are kept. */
    private static final int FIRST = 3;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final Logger LOG = LoggerFactory.getLogger(ProcessImage.class);

    private ProcessImage() {}

    /** Opens a file in memory that has no name; its path for this process is {@link #pathOf}. */
    public static int openMemory(String name) throws IOException {
        return Libc.check(
                Libc.memfd_create(
                        (name + "\0").getBytes(StandardCharsets.US_ASCII), Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING),
                "no file in memory");
    }

    public static Path pathOf(int fd) {
        return DESCRIPTORS.resolve(String.valueOf(fd));
    }

    /** A file of {@link #openMemory} stays as it is from now on. */
    public static void seal(int fd) throws IOException {
        Libc.check(Libc.fcntl(fd, Libc.F_ADD_SEALS, Libc.ALL_SEALS), "cannot seal a file in memory");
    }

    public static void close(int fd) {
        Libc.close(fd);
    }

    /**
     * Returns only where it fails; then all is as it was.
     *
     * @param program path of the executable
     * @param arguments with the program's name, without NUL
     * @param environment {@code name=value} each, without NUL
     * @param kept descriptors that the new program gets, beside 0 to 2
     */
    public static IOException replace(
            String program, List<byte[]> arguments, List<byte[]> environment, Set<Integer> kept) {
        try (Memory path = NativeStrings.string(program.getBytes(StandardCharsets.UTF_8));
                Memory argv = NativeStrings.strings(arguments);
                Memory envp = NativeStrings.strings(environment);
                Memory none = new Memory(SIGNAL_SET_BYTES);
                Memory before = new Memory(SIGNAL_SET_BYTES)) {
            none.clear();
            closeOnExec(kept);
            Libc.sigprocmask(Libc.SIG_SETMASK, Libc.address(none), Libc.address(before));
            Libc.execve(Libc.address(path), Libc.address(argv), Libc.address(envp));
            IOException failure = Libc.failure("cannot run " + program);
            Libc.sigprocmask(Libc.SIG_SETMASK, Libc.address(before), 0);
            closeOnExec(Set.of());
            return failure;
        } catch (IOException e) {
            return e;
        }
    }

    /** Closes all masters of terminals but those. */
    static void closeMasters(Set<Integer> used) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path each : open) {
                int fd = Integer.parseInt(each.getFileName().toString());
                if (!used.contains(fd) && PtyMaster.isMaster(fd)) {
                    Libc.close(fd);
                }
            }
        } catch (IOException e) {
            LOG.warn("terminals that were not taken up may be left open", e);
        }
    }

    private static void closeOnExec(Set<Integer> kept) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path each : open) {
                int fd = Integer.parseInt(each.getFileName().toString());
                if (fd >= FIRST) {
                    Libc.fcntl(fd, Libc.F_SETFD, kept.contains(fd) ? 0 : Libc.FD_CLOEXEC);
                }
            }
        }
    }
}
