package io.termbus.record.cast;

import java.io.IOException;

/** A file is no recording, or not one that can be read. The message completes "the file …". */
public final class CastException extends IOException {
    private static final long serialVersionUID = 1;

    CastException(String message) {
        super(message);
    }
}
