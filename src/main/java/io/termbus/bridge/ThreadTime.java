package io.termbus.bridge;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What work has cost. By the clock it would cost more where other threads take the processors, as they do just when there
 * is too much to do, and who has done little would pay for it.
 */
final class ThreadTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ThreadTime() {}

    /** Processor time of the calling thread, in nanoseconds; where the system does not tell, the monotonic clock. */
    static long nanos() {
        long cpu = THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : -1;
        return cpu < 0 ? System.nanoTime() : cpu;
    }
}
