package io.termbus.pty;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
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

    /** Of what says more than can be read: it loses nothing by it. A hundred of them weigh as much as 1.5 hubs. */
    static final int FLOOD_NICE = 19;

    /** Who has no CAP_SYS_ADMIN may set one every 100 ms, else EAGAIN (proc_sched_autogroup_set_nice). */
    static final long AGAIN_MS = 110;

    /** Each keeps a descriptor open; what is wanted beyond that is not done. */
    static final int MOST_WAITING = 256;

    /** Of one; a process that has ended takes no more. */
    private static final int MOST_TRIES = 10;

    /** Port to the kernel. */
    interface Groups {
        /** The group of a process, for as long as that lives; writing to it sets its nice value. */
        OutputStream of(int pid) throws IOException;
    }

    private record Change(OutputStream group, int nice) {}

    private final boolean on;
    private final Groups groups;
    private final Executor later;

    /** That the kernel did not take yet, by process; the first is tried again. */
    private final Map<Integer, Change> waiting = new LinkedHashMap<>();

    private int tries;

    /** @param on false: sessions weigh what they weigh */
    Autogroups(boolean on) {
        this(
                on,
                pid -> new FileOutputStream("/proc/" + pid + "/autogroup"),
                CompletableFuture.delayedExecutor(AGAIN_MS, TimeUnit.MILLISECONDS));
    }

    /** @param later runs what it gets after {@link #AGAIN_MS} */
    Autogroups(boolean on, Groups groups, Executor later) {
        this.on = on;
        this.groups = groups;
        this.later = later;
    }

    /**
     * Takes some 20 µs.
     *
     * @param pid of a process that leads its own session and was not waited for yet
     * @param nice 0 to 19; 0: a session weighs as much as the hub
     */
    void set(int pid, int nice) {
        if (!on) {
            return;
        }
        try {
            setOrWait(pid, nice);
        } catch (FileNotFoundException e) {
            log.trace("no autogroup of {}: the kernel has none, or the child has ended", pid, e);
        } catch (IOException e) {
            log.debug("the autogroup of {} stays as it is", pid, e);
        }
    }

    private synchronized void setOrWait(int pid, int nice) throws IOException {
        Change before = waiting.get(pid);
        if (before != null) {
            waiting.put(pid, new Change(before.group(), nice));
            return;
        }
        Change change = new Change(groups.of(pid), nice);
        if (waiting.size() >= MOST_WAITING || waiting.isEmpty() && isTaken(change)) {
            change.group().close();
            return;
        }
        waiting.put(pid, change);
        if (waiting.size() == 1) {
            later.execute(this::again);
        }
    }

    /** @return false: it may succeed later */
    private static boolean isTaken(Change change) {
        try {
            change.group().write(Integer.toString(change.nice()).getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (IOException e) {
            log.trace("not yet", e);
            return false;
        }
    }

    private synchronized void again() {
        Iterator<Change> changes = waiting.values().iterator();
        Change first = changes.next();
        if (isTaken(first) || ++tries >= MOST_TRIES) {
            changes.remove();
            tries = 0;
            try {
                first.group().close();
            } catch (IOException e) {
                log.debug("not closed", e);
            }
        }
        if (!waiting.isEmpty()) {
            later.execute(this::again);
        }
    }
}
