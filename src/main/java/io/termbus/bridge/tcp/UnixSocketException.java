package io.termbus.bridge.tcp;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The Unix domain socket cannot be served. The message names its path and the setting. */
public final class UnixSocketException extends IOException {
    private static final long serialVersionUID = 1;

    UnixSocketException(Path path, Throwable cause) {
        super("cannot listen on " + path + " (tcp.socket): " + reason(path, cause), cause);
    }

    /**
     * Looks whether the path is free, so that one that is not is told before anything is started. Blocks for
     * milliseconds. Whatever else may be wrong with it the listener itself will tell.
     */
    public static void probe(Path path) throws UnixSocketException {
        try {
            new UnixSocketFile(path).checkFree();
        } catch (IOException e) {
            throw new UnixSocketException(path, e);
        }
    }

    /** The file that failed may be one beside the path. */
    private static String reason(Path path, Throwable cause) {
        if (cause instanceof NoSuchFileException) {
            return "there is no directory " + path.toAbsolutePath().getParent();
        }
        if (cause instanceof AccessDeniedException) {
            return "not allowed in the directory " + path.toAbsolutePath().getParent();
        }
        return cause instanceof FileSystemException file && file.getReason() != null
                ? file.getReason()
                : String.valueOf(cause.getMessage());
    }
}
