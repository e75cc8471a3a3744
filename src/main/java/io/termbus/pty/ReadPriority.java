package io.termbus.pty;

/**
 * Whose turn it is to be read: a terminal that said little of late goes before those that flood. A bucket of
 * bytes that fills with time; what is read is taken out. One thread.
 */
final class ReadPriority {
    /** A screenful, many times a second: what people look at. */
    private static final long BURST_BYTES = 16_384;

    private static final long NANOS_PER_BYTE = 2_000;

    private long bytes = BURST_BYTES;
    private long at;

    /** @param now in nanoseconds, never less than before */
    boolean isPrompt(long now) {
        bytes = Math.min(BURST_BYTES, bytes + (now - at) / NANOS_PER_BYTE);
        at = now;
        return bytes > 0;
    }

    void read(int count) {
        bytes = Math.max(-BURST_BYTES, bytes - count);
    }
}
