package io.termbus.session;

import io.termbus.protocol.HubException;
import io.termbus.protocol.SessionMessage;
import io.termbus.vt.lines.Replay;
import java.util.List;

/** Shows some output to a blank terminal, which counts for the memory of all sessions' states while it is there. */
final class ReplayReading implements Readings.Reading<ReplayReading.Shown> {
    /** What the terminal may take, or {@code session.stateBytes} where that is less. */
    static final long MAX_STATE_BYTES = 8 << 20;
    /**
     * Each of a fraction of a millisecond, some 2 s in all: twice what 4 MiB of text take. But every few bytes may say that
     * the whole screen be erased.
     */
    static final int MAX_STEPS = 16_384;

    /** @param from where the output began that it was shown */
    record Shown(long from, List<String> lines) {}

    private final long from;
    private final Replay replay;
    private final StatePool.Member share;
    /** 0: it need not be. */
    private volatile long trimTo;

    private int steps;

    /** @param stateBytes what a terminal of the session may take */
    ReplayReading(
            SessionMessage.Held held, int cols, int rows, int scrollbackLines, long stateBytes, StatePool states) {
        from = held.from();
        replay = new Replay(held.payload().bytes(), cols, rows, scrollbackLines, Math.min(stateBytes, MAX_STATE_BYTES));
        share = states.enter(bytes -> trimTo = bytes);
    }

    @Override
    public boolean step() {
        if (++steps > MAX_STEPS) {
            throw HubException.limit(
                    "work of a wait's since",
                    "the output since then takes too long to be shown to a terminal: begin later (since)");
        }
        boolean more = replay.step();
        if (trimTo > 0) {
            replay.trim(trimTo);
            trimTo = 0;
            share.trimmed(replay.stateBytes());
        } else {
            share.holds(replay.stateBytes());
        }
        return more;
    }

    @Override
    public Shown result() {
        return new Shown(from, replay.lines());
    }

    @Override
    public void close() {
        share.leave();
    }
}
