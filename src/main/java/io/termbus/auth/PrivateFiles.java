package io.termbus.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Modes and owners of files that only this process' user may touch. Needs POSIX. */
final class PrivateFiles {
    static final Set<PosixFilePermission> DIRECTORY_MODE = PosixFilePermissions.fromString("rwx------");
    static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");

    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private PrivateFiles() {}

    static FileAttribute<?> creating(Set<PosixFilePermission> mode) {
        return PosixFilePermissions.asFileAttribute(mode);
    }

    static PosixFileAttributes attributes(Path path, LinkOption... options) throws IOException {
        return Files.readAttributes(path, PosixFileAttributes.class, options);
    }

    /** @throws IOException if someone else owns {@code path} or may write to it, and so may have planted it */
    static void requireUntouchedByOthers(Path path, PosixFileAttributes attributes) throws IOException {
        // Linux: who owns /proc/self is who this process runs as, also where the user has no name
        Path self = Path.of("/proc/self");
        if (Files.exists(self) && !Files.getAttribute(self, "unix:uid").equals(Files.getAttribute(path, "unix:uid"))) {
            throw new IOException(
                    path + " belongs to another user, " + attributes.owner().getName());
        }
        if (attributes.permissions().stream().anyMatch(OTHERS_WRITE::contains)) {
            throw new IOException(path + " can be written to by other users (mode "
                    + PosixFilePermissions.toString(attributes.permissions()) + ")");
        }
    }
}
