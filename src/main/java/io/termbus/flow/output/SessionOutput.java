package io.termbus.flow.output;

import io.termbus.protocol.Payload;
import java.util.Optional;

/** The output of one session as its readers find it: what is held, when it came, how it ended. Written by {@link SessionFlow}. */
final class SessionOutput {
    private final Backlog backlog;
    private final OutputClock clock = new OutputClock();
    private long cameLast;
    private Optional<Exit> exit = Optional.empty();
    private boolean removed;
    private long knownEnd;

    /** @param limit bytes that are kept, &gt; 0 */
    SessionOutput(int limit) {
        backlog = new Backlog(limit);
    }

    Backlog backlog() {
        return backlog;
    }

    OutputClock clock() {
        return clock;
    }

    /** When the newest output came, in monotonic nanoseconds. */
    long cameLast() {
        return cameLast;
    }

    /** Empty while the program runs. */
    Optional<Exit> exit() {
        return exit;
    }

    /** The session is forgotten: no snapshot of it can be had. */
    boolean isRemoved() {
        return removed;
    }

    /** Whether a reader may go on from there: it is held, or will come. */
    boolean canResumeAt(long offset) {
        return offset >= backlog.start() && offset <= Math.max(backlog.end(), knownEnd);
    }

    /** @param keepFrom nothing from this offset on is dropped */
    void append(Payload payload, long keepFrom, long now) {
        clock.came(backlog.end(), now);
        cameLast = now;
        backlog.append(payload, keepFrom);
    }

    void exited(Exit how) {
        exit = Optional.of(how);
    }

    void removed() {
        removed = true;
    }

    /** Of a session of another node: its output goes on to there at least, which may be beyond the backlog's end. */
    void reaches(long end) {
        knownEnd = Math.max(knownEnd, end);
    }
}
