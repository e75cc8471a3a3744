package io.termbus.auth;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of the hub's own files, mode 0700. */
public final class HomeDirectory {
    static final String TOKEN_FILE = "token";
    private static final Logger LOG = LoggerFactory.getLogger(HomeDirectory.class);

    private HomeDirectory() {}

    /**
     * Creates {@code home}, or checks the one that is there. Blocks; no event loop may call.
     *
     * <p>A directory that others can read is tightened if it is the hub's (empty, or with a token in it). Another one
     * is left as it is, with a warning: it may be {@code /var/lib} by mistake, and nobody else could use it then.
     *
     * @throws IOException where it cannot be created, is no directory, is another user's, or others can write to it
     */
    public static void prepare(Path home) throws IOException {
        try {
            if (home.getParent() != null) {
                Files.createDirectories(home.getParent());
            }
            Files.createDirectory(home, PrivateFiles.creating(PrivateFiles.DIRECTORY_MODE));
        } catch (FileAlreadyExistsException e) {
            check(home);
        }
    }

    private static void check(Path home) throws IOException {
        if (!Files.isDirectory(home)) {
            throw new IOException("not a directory: " + home);
        }
        PosixFileAttributes attributes = PrivateFiles.attributes(home);
        PrivateFiles.requireUntouchedByOthers(home, attributes);
        if (PrivateFiles.DIRECTORY_MODE.containsAll(attributes.permissions())) {
            return;
        }
        if (isOurs(home)) {
            Files.setPosixFilePermissions(home, PrivateFiles.DIRECTORY_MODE);
            LOG.warn("home {} could be read by other users; its mode is now 0700", home);
        } else {
            LOG.warn("home {} can be read by other users and holds files of others; its mode should be 0700", home);
        }
    }

    private static boolean isOurs(Path home) throws IOException {
        if (Files.exists(home.resolve(TOKEN_FILE))) {
            return true;
        }
        try (Stream<Path> entries = Files.list(home)) {
            return entries.findAny().isEmpty();
        }
    }
}
