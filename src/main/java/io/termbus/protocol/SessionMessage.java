package io.termbus.protocol;

import java.util.List;

/** From flow control to the owner of a session. */
public sealed interface SessionMessage extends LocalMessage {
    /**
     * So many {@link FlowMessage.Output}s more may be sent, in place of those that were taken, or beside them.
     *
     * @param lags some of the output so far waits for a subscriber, or may: flow control wants to know who types
     */
    record OutputTaken(int count, boolean lags) implements SessionMessage {}

    /** How many subscribers the session has now. */
    record SubscriberCount(int count) implements SessionMessage {}

    /** A subscriber's registration is done: what is output from now on reaches it. */
    record SubscriberListens() implements SessionMessage {}

    /**
     * Asks for the state of the terminal; replied to with a {@link Snapshot}.
     *
     * @param scrollbackLines at most so many lines of scrollback, ≥ 0
     * @param wantedBytes scrollback is left out, oldest first, where the snapshot would be larger
     * @param maxBytes what it costs at most, whatever the screen is
     */
    record SnapshotWanted(int scrollbackLines, int wantedBytes, int maxBytes) implements SessionMessage {}

    /**
     * The state of the terminal after {@code offset} bytes of output.
     *
     * @param payload bytes that put a freshly reset terminal of that size into the state
     * @param whole no scrollback was left out for {@code wantedBytes}
     */
    record Snapshot(long offset, int cols, int rows, Payload payload, boolean whole) implements SessionMessage {}

    /** A recording of the session has begun. */
    record RecordingBegun(String recording) implements SessionMessage {}

    /** The recording has ended, and why. */
    record RecordingEnded(String recording, String reason) implements SessionMessage {}

    /**
     * What flow control keeps of a session over a change of the hub's program.
     *
     * @param from offset of {@code output}
     * @param sizes places in it where the terminal got a new size, oldest first
     * @param awaited how many subscribers that never skip are to come back
     * @param awaitedFrom offset of the oldest byte that one of them may want
     */
    record Kept(long from, Payload output, List<Size> sizes, int awaited, long awaitedFrom) implements SessionMessage {}

    /** From this place in the output on the terminal has this size. */
    record Size(long offset, int cols, int rows) {}

    /** Of the output that was asked for what is still held: {@code payload} begins at the offset {@code from}. */
    record Held(long from, Payload payload) implements SessionMessage {}
}
