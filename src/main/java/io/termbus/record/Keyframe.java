package io.termbus.record;

/**
 * A place in a recording from which on its events can be shown to a terminal, and the state that the terminal has there.
 *
 * @param millis from this time of the recording on it serves
 * @param position of the line in the file to go on with
 * @param baseMillis time of the event before that line
 * @param skip bytes of output from there on that the state has taken in already
 * @param offset bytes of the session's output up to the state
 * @param state bytes that put a freshly reset terminal of that size into the state
 */
record Keyframe(long millis, long position, long baseMillis, int skip, long offset, int cols, int rows, byte[] state) {}
