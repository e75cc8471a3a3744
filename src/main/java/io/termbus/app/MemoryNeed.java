package io.termbus.app;

import io.termbus.config.HubConfig;
import java.util.Optional;

/**
 * The heap that a hub needs where every session and every connection is at its limit at the same time; the table in
 * docs/architecture.md. Common use needs a small part of it.
 *
 * @param session bytes of each session: the terminal's state, backlog, input and output on their way, its command
 * @param sessions those that run, and as many that have exited and are kept
 * @param connection bytes of each connection: what waits to be read by it, and to be handled
 * @param rest bytes of everything else
 */
record MemoryNeed(long session, int sessions, long connection, int connections, long rest) {
    /** Four outputs of 64 KiB on their way to flow control, as many on their way to the terminal's state. */
    private static final long OUTPUT_BYTES = 8 * 64 * 1024;
    /** The command and environment that one message may bring. */
    private static final long COMMAND_BYTES = 1 << 20;
    /** Messages of a connection that wait ({@code bridge.Intake}), and one that is coming. */
    private static final long INTAKE_BYTES = 5 << 20;
    /** Four snapshots that are written, each several times over; and one reflow beside its state. */
    private static final long WORKERS_BYTES = 4 * 24L * (1 << 20) + 64L * (1 << 20);

    private static final long CODE_BYTES = 64 << 20;
    private static final long CLUSTER_BYTES = 128 << 20;
    private static final long MIB = 1 << 20;

    static MemoryNeed of(HubConfig config, boolean clustered) {
        HubConfig.Session session = config.session();
        long each = (long) session.stateBytes()
                + config.flow().backlogBytes()
                + session.inputQueueBytes()
                + OUTPUT_BYTES
                + COMMAND_BYTES;
        long rest = CODE_BYTES + WORKERS_BYTES + session.stateBytes() + (clustered ? CLUSTER_BYTES : 0);
        return new MemoryNeed(
                each,
                2 * session.max(),
                config.connection().maxUnflushedBytes() + INTAKE_BYTES,
                config.connection().max(),
                rest);
    }

    long bytes() {
        return session * sessions + connection * connections + rest;
    }

    /** @param heap what there is (-Xmx), in bytes */
    Optional<String> warning(long heap) {
        if (heap >= bytes()) {
            return Optional.empty();
        }
        return Optional.of("the heap is " + heap / MIB
                + " MiB (-Xmx); with every session and connection at its limit the hub"
                + " needs " + bytes() / MIB
                + " MiB; with less, terminals keep less scrollback (two fifths of the heap for all), and the rest"
                + " may exhaust it: " + sessions
                + " sessions (session.max running, as many exited) of up to " + session / MIB
                + " MiB (session.stateBytes, flow.backlogBytes, session.inputQueueBytes), " + connections
                + " connections (connection.max) of up to " + connection / MIB + " MiB (connection.maxUnflushedBytes)");
    }
}
