package io.termbus.protocol;

/** From flow control to the owner of a session. */
public sealed interface SessionMessage extends LocalMessage {
    /** That many {@link FlowMessage.Output}s have been taken; as many more may be sent. */
    record OutputTaken(int count) implements SessionMessage {}

    /** How many subscribers the session has now. */
    record SubscriberCount(int count) implements SessionMessage {}

    /** A subscriber's registration is done: what is output from now on reaches it. */
    record SubscriberListens() implements SessionMessage {}

    /**
     * Asks for the state of the terminal; replied to with a {@link Snapshot}.
     *
     * @param scrollbackLines at most so many lines of scrollback, ≥ 0
     * @param maxBytes scrollback is left out, oldest first, where the snapshot would be larger
     */
    record SnapshotWanted(int scrollbackLines, int maxBytes) implements SessionMessage {}

    /**
     * The state of the terminal after {@code offset} bytes of output.
     *
     * @param payload bytes that put a freshly reset terminal of that size into the state
     */
    record Snapshot(long offset, int cols, int rows, Payload payload) implements SessionMessage {}
}
