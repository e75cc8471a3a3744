package io.termbus.bridge.tcp;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix domain socket, mode 0600 from its first moment: it is bound in a private directory
 * beside its place, restricted, and moved there. Blocking; not for event loops.
 */
final class UnixSocketFile {
    private static final String BOUND_NAME = "s";

    private final Path path;
    private @Nullable Path privateDirectory;
    private @Nullable Object key;

    UnixSocketFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    Path path() {
        return path;
    }

    /** Where to bind. Fails where another hub listens at the path, or the path is no socket. */
    Path prepare() throws IOException {
        checkFree();
        Path directory = Files.createTempDirectory(
                path.getParent(),
                ".tb",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        privateDirectory = directory;
        return directory.resolve(BOUND_NAME);
    }

    /** Moves the bound socket to its place, over a dead hub's. */
    Path publish() throws IOException {
        Path directory = privateDirectory;
        if (directory == null) {
            throw new IllegalStateException("not prepared");
        }
        Path bound = directory.resolve(BOUND_NAME);
        Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
        key = keyOf(bound);
        Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(directory);
        return path;
    }

    /** Removes the file if it is still this hub's. */
    boolean delete() throws IOException {
        boolean own = key != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS) && key.equals(keyOf(path));
        return own && Files.deleteIfExists(path);
    }

    /** Removes what {@link #prepare} made. */
    boolean abandon() throws IOException {
        Path directory = privateDirectory;
        if (directory == null) {
            return false;
        }
        Files.deleteIfExists(directory.resolve(BOUND_NAME));
        return Files.deleteIfExists(directory);
    }

    /** Fails where another hub listens at the path, or the path is no socket. */
    void checkFree() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            checkStale();
        }
    }

    private void checkStale() throws IOException {
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new FileSystemException(path.toString(), null, "what is there is no socket, and is not replaced");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return; // nobody listens: left by a hub that died
        }
        throw new FileSystemException(
                path.toString(),
                null,
                "another process listens there; end it, or give another path by --set tcp.socket=PATH");
    }

    private static @Nullable Object keyOf(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
