package io.termbus.record;

/**
 * The state of a session's terminal after {@code offset} bytes of its output.
 *
 * @param bytes that put a freshly reset terminal of that size into the state
 */
public record State(long offset, int cols, int rows, byte[] bytes) {}
