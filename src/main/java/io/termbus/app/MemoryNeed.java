package io.termbus.app;

import io.termbus.config.HubConfig;
import io.termbus.config.SessionConfig;
import java.util.stream.LongStream;

/**
 * The heap that a hub needs where every session and every connection is at its limit at the same time; the table in
 * docs/architecture.md. Common use needs a small part of it. The states of terminals and what clients have not read have
 * pools, which are parts of the heap there is: short of memory, terminals keep less scrollback, and connections that do not
 * read are closed. The rest is what may exhaust a heap.
 *
 * @param states bytes of all sessions' states by their own limits
 * @param unread bytes of all connections' unread output by their own limits
 * @param rest bytes of everything else: each session's backlog, input, command, and output on its way; each connection's
 *     messages that wait; workers, code
 */
record MemoryNeed(long states, long unread, long rest) {
    /** Four outputs of 64 KiB on their way to flow control, as many on their way to the terminal's state. */
    private static final long OUTPUT_BYTES = 8 * 64 * 1024;
    /** The command and environment that one message may bring. */
    private static final long COMMAND_BYTES = 1 << 20;
    /** Messages of a connection that wait ({@code bridge.ReadBudget}), and one that is coming. */
    private static final long INTAKE_BYTES = 5 << 20;
    /** Four snapshots that are written, each several times over; and one reflow beside its state. */
    private static final long WORKERS_BYTES = 4 * 24L * (1 << 20) + 64L * (1 << 20);

    private static final long CODE_BYTES = 64 << 20;
    private static final long CLUSTER_BYTES = 128 << 20;
    private static final long MIB = 1 << 20;
    /** Of the heap, as {@code session.StatePool} and {@code bridge.UnreadPool} have them. */
    private static final int STATES_PERCENT = 40;

    private static final int UNREAD_PERCENT = 25;

    static MemoryNeed of(HubConfig config, boolean clustered) {
        SessionConfig session = config.session();
        long sessions = 2L * session.max(); // those that run, and as many that have exited and are kept
        long connections = config.connection().max();
        long each = config.flow().backlogBytes() + session.inputQueueBytes() + OUTPUT_BYTES + COMMAND_BYTES;
        return new MemoryNeed(
                sessions * session.stateBytes(),
                connections * config.connection().maxUnflushedBytes(),
                sessions * each
                        + connections * INTAKE_BYTES
                        + WORKERS_BYTES
                        + session.stateBytes()
                        + CODE_BYTES
                        + (clustered ? CLUSTER_BYTES : 0));
    }

    /** The smallest heap that cannot be exhausted, in bytes: what is least of the ways in which the pools bound or do not. */
    long bytes() {
        return LongStream.of(
                        rest + states + unread,
                        heapOf(rest + unread, STATES_PERCENT),
                        heapOf(rest + states, UNREAD_PERCENT),
                        heapOf(rest, STATES_PERCENT + UNREAD_PERCENT))
                .min()
                .orElseThrow();
    }

    /** That of which so many bytes are what pools of so many percent leave. */
    private static long heapOf(long bytes, int pooledPercent) {
        return bytes * 100 / (100 - pooledPercent);
    }

    boolean exceeds(long heap) {
        return bytes() > heap;
    }

    boolean isMoreThan(MemoryNeed other) {
        return bytes() > other.bytes();
    }

    /** @param heap what there is (-Xmx), in bytes */
    String describe(long heap) {
        return "the heap is " + heap / MIB
                + " MiB (-Xmx); with every session and connection at its limit at once the hub"
                + " needs " + bytes() / MIB + " MiB (session.max, flow.backlogBytes, session.inputQueueBytes,"
                + " connection.max); of the heap terminals have at most " + heap / 100 * STATES_PERCENT / MIB
                + " MiB (session.stateBytes), and what clients have not read " + heap / 100 * UNREAD_PERCENT / MIB
                + " MiB (connection.maxUnflushedBytes)";
    }
}
