package io.termbus.flow.edge;

import io.termbus.flow.output.Alarm;
import io.termbus.flow.output.Outlet;
import io.termbus.protocol.LinkMessage;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** Tells the owner of a session what this edge has taken: a little later, or at once when that is much. */
final class EdgeAcks {
    static final long WAIT_NANOS = 20_000_000L;

    private final Outlet clock;
    private final BooleanSupplier open;
    private final LongConsumer send;
    private long taken;
    private int bytes;
    private final Alarm alarm;

    /**
     * @param open whether the owner's address is known and the link holds
     * @param send gets how many outputs of the link have been taken so far
     */
    EdgeAcks(Outlet clock, BooleanSupplier open, LongConsumer send) {
        this.clock = clock;
        this.alarm = new Alarm(clock);
        this.open = open;
        this.send = send;
    }

    /** Outputs of the link that have been taken. */
    long count() {
        return taken;
    }

    void came(int length) {
        bytes += length;
    }

    void taken(int outputs) {
        taken += outputs;
        if (bytes >= LinkMessage.ACKED_AT_ONCE_BYTES) {
            now();
        } else {
            soon();
        }
    }

    /** Also for what was taken before the link was open. */
    void soon() {
        if (taken > 0) {
            alarm.set(clock.nanoTime() + WAIT_NANOS, this::now);
        }
    }

    private void now() {
        if (open.getAsBoolean()) {
            bytes = 0;
            send.accept(taken);
        }
    }

    /** Of a new link nothing has been taken. */
    void startOver() {
        taken = 0;
        bytes = 0;
    }

    void stop() {
        alarm.cancel();
    }
}
