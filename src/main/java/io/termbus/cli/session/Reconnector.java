package io.termbus.cli.session;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Connects again, at first after a tenth of a second, then ever more slowly, for a while. */
public final class Reconnector {
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LAST_PAUSE_MILLIS = 2000;
    /** A shorter interruption is not worth a word. */
    private static final long SILENT_MILLIS = 1000;

    /** Connects and goes on. */
    public interface Attempt {
        /** @throws CliException with {@link Status#UNAVAILABLE} where a later one may do better */
        void run() throws CliException;
    }

    private final BlockingQueue<SessionEvent> events;
    private final Predicate<SessionEvent> leave;
    private final Runnable notice;

    /**
     * @param events is read meanwhile
     * @param leave which of them end the attempts; others are passed over
     * @param notice told when it takes long
     */
    public Reconnector(BlockingQueue<SessionEvent> events, Predicate<SessionEvent> leave, Runnable notice) {
        this.events = events;
        this.leave = leave;
        this.notice = notice;
    }

    /**
     * @param lost why the connection is gone, which is thrown when the time is over
     * @return false where the user wants to leave
     */
    public boolean run(int seconds, CliException lost, Attempt attempt) throws CliException {
        long start = System.nanoTime();
        long pause = FIRST_PAUSE_MILLIS;
        while (millisSince(start) < TimeUnit.SECONDS.toMillis(seconds)) {
            if (leftWithin(pause)) {
                return false;
            }
            if (succeeds(attempt)) {
                return true;
            }
            if (millisSince(start) > SILENT_MILLIS) {
                notice.run();
            }
            pause = Math.min(LAST_PAUSE_MILLIS, 2 * pause);
        }
        throw lost;
    }

    private boolean leftWithin(long millis) throws CliException {
        long start = System.nanoTime();
        try {
            while (true) {
                SessionEvent event = events.poll(millis - millisSince(start), TimeUnit.MILLISECONDS);
                if (event == null || leave.test(event)) {
                    return event != null;
                }
            }
        } catch (InterruptedException e) {
            throw CliException.interrupted();
        }
    }

    private static boolean succeeds(Attempt attempt) throws CliException {
        try {
            attempt.run();
            return true;
        } catch (CliException e) {
            if (e.status() != Status.UNAVAILABLE) {
                throw e;
            }
            return false;
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
