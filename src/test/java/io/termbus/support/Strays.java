package io.termbus.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/** What other threads than the test's threw and nobody caught. Any thread. */
final class Strays implements Thread.UncaughtExceptionHandler {
    private static final Strays INSTANCE = new Strays();

    private final List<Throwable> thrown = new ArrayList<>();

    private Strays() {}

    static void begin() {
        Thread.setDefaultUncaughtExceptionHandler(INSTANCE);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (isOfAClosedLoop(failure)) {
            return;
        }
        synchronized (thrown) {
            thrown.add(new AssertionError("thrown in thread " + thread.getName(), failure));
        }
    }

    /** What was thrown since the last call. */
    static List<Throwable> take() {
        synchronized (INSTANCE.thrown) {
            List<Throwable> all = List.copyOf(INSTANCE.thrown);
            INSTANCE.thrown.clear();
            return all;
        }
    }

    /** A worker has ended after its Vert.x was closed and finds nobody to tell: Vert.x does not wait for workers. */
    private static boolean isOfAClosedLoop(Throwable failure) {
        return failure instanceof RejectedExecutionException
                && "event executor terminated".equals(failure.getMessage());
    }
}
