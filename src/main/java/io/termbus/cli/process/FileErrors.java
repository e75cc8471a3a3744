package io.termbus.cli.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Says in words why a file cannot be read: the messages of the JDK's exceptions are often but the path. */
public final class FileErrors {
    private FileErrors() {}

    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return e.getMessage() + " does not exist";
        }
        return e instanceof AccessDeniedException
                ? e.getMessage() + " may not be read"
                : String.valueOf(e.getMessage());
    }
}
