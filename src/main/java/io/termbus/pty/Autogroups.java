package io.termbus.pty;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much sessions weigh against the hub where Linux shares processors out between sessions of processes (sched(7), "The
 * autogroup feature"). Each terminal is one, and the hub with all its threads is one, so ten that flood would get ten times
 * what the hub gets, which has to read all of them and to echo what people type. With a nice value they weigh less, but
 * only while somebody else wants the processor too. Within a session nothing changes. Any thread may call.
 */
final class Autogroups {
    private static final Logger log = LoggerFactory.getLogger(Autogroups.class);

    /** Who has no CAP_SYS_ADMIN may set one every 100 ms, else EAGAIN (proc_sched_autogroup_set_nice). */
    static final long AGAIN_MS = 110;

    /** Of one; a process that has ended takes no more. */
    private static final int MOST_TRIES = 10;

    /** Each keeps a descriptor open; more children than that within half a minute weigh as much as the hub. */
    static final int MOST_WAITING = 256;

    /** Port to the kernel. */
    interface Groups {
        /** The group of a process, for as long as that lives; writing to it sets its nice value. */
        OutputStream of(int pid) throws IOException;
    }

    private final int nice;
    private final Groups groups;
    private final Executor later;

    /** That the kernel did not take yet; the first is tried again. */
    private final Deque<OutputStream> waiting = new ArrayDeque<>();

    private int tries;

    /** @param nice 0 to 19; 0: a session weighs as much as the hub */
    Autogroups(int nice) {
        this(
                nice,
                pid -> new FileOutputStream("/proc/" + pid + "/autogroup"),
                CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS));
    }

    /** @param later runs what it gets after {@link #AGAIN_MS} */
    Autogroups(int nice, Groups groups, Executor later) {
        this.nice = nice;
        this.groups = groups;
        this.later = later;
    }

    /** @param pid of a process that leads its own session */
    void lower(int pid) {
        if (nice == 0) {
            return;
        }
        try {
            setOrWait(groups.of(pid));
        } catch (FileNotFoundException e) {
            log.trace("no autogroup of {}: the kernel has none, or the child has ended", pid, e);
        } catch (IOException e) {
            log.debug("the autogroup of {} stays as it is", pid, e);
        }
    }

    private synchronized void setOrWait(OutputStream group) throws IOException {
        if (waiting.size() >= MOST_WAITING || waiting.isEmpty() && set(group)) {
            group.close();
            return;
        }
        waiting.add(group);
        if (waiting.size() == 1) {
            later.execute(this::again);
        }
    }

    /** @return false: it may succeed later */
    private boolean set(OutputStream group) {
        try {
            group.write(Integer.toString(nice).getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (IOException e) {
            log.trace("not yet", e);
            return false;
        }
    }

    private synchronized void again() {
        OutputStream first = waiting.element();
        try {
            if (set(first) || ++tries >= MOST_TRIES) {
                waiting.remove();
                tries = 0;
                first.close();
            }
        } catch (IOException e) {
            log.debug("an autogroup stays as it is", e);
        }
        if (!waiting.isEmpty()) {
            later.execute(this::again);
        }
    }
}
