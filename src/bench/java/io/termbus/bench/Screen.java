package io.termbus.bench;

import java.io.IOException;

/** Somebody before a terminal, of whatever server. */
interface Screen extends AutoCloseable {
    void type(String keys) throws IOException;

    /** Waits for output, a character for each byte; what is no output is an empty one. */
    String next() throws IOException;

    /** Takes what comes until that text is seen. */
    default void await(String text) throws IOException {
        String seen = "";
        do {
            seen = seen.substring(Math.max(0, seen.length() - text.length())) + next();
        } while (!seen.contains(text));
    }

    /** Takes what comes, for so long. */
    default void watch(long nanos) throws IOException {
        for (long end = System.nanoTime() + nanos; System.nanoTime() < end; ) {
            next();
        }
    }

    @Override
    void close() throws IOException;
}
