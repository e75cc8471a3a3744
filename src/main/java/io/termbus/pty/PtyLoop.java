package io.termbus.pty;

import com.sun.jna.Memory;
import io.netty.channel.IoEventLoop;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the PTYs of one event loop share: a buffer, and whose turn it is to be read. In one round of the loop
 * each PTY that said little of late gets a small batch, within the event that brought it, and of those that
 * flood one gets a large batch, after all events: floods delay the others by one batch, however many there
 * are. On the event loop only, but for {@link #execute}.
 */
final class PtyLoop {
    private static final Logger log = LoggerFactory.getLogger(PtyLoop.class);

    /** Smaller batches cost more to pass on than they shorten the wait of others. */
    private static final int LEAST_BATCH_BYTES = 8192;

    private final IoEventLoop loop;
    private final ReadBuffer readBuffer = new ReadBuffer();
    private final Memory waitStatus = new Memory(4);
    private final Queue<LoopPty> bulk = new ArrayDeque<>();
    private boolean turnComes;
    private int batchBytes = LEAST_BATCH_BYTES;

    PtyLoop(IoEventLoop loop) {
        this.loop = loop;
    }

    IoEventLoop eventLoop() {
        return loop;
    }

    long now() {
        return System.nanoTime();
    }

    /** Runs the task soon and never within this call, unless the loop has ended. Any thread. */
    void execute(Runnable task) {
        try {
            loop.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            guarded(task);
        }
    }

    /** Runs the action at that time of {@link #now}. */
    void at(long nanos, Runnable action) {
        var scheduled = loop.schedule(() -> guarded(action), nanos - now(), TimeUnit.NANOSECONDS);
        if (scheduled.isCancelled()) {
            log.debug("an action of a PTY came after its event loop");
        }
    }

    /** What fails in one PTY is no matter of the others, nor of the loop. */
    static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A PTY failed in its event loop", e);
        }
    }

    /** The PTY may have something to read or to write. */
    void ready(LoopPty pty) {
        if (pty.queued) {
            turnIsDue();
        } else if (pty.turn.isPrompt(now())) {
            batchBytes = LEAST_BATCH_BYTES;
            if (pty.serve()) {
                pty.askAgain();
            }
        } else {
            queue(pty);
            turnIsDue();
        }
    }

    /** The PTY is no more. */
    void gone(LoopPty pty) {
        if (pty.queued) {
            pty.queued = false;
            bulk.remove(pty);
            if (!bulk.isEmpty()) {
                turnIsDue();
            }
        }
    }

    private void queue(LoopPty pty) {
        pty.queued = true;
        bulk.add(pty);
    }

    private void turnIsDue() {
        if (!turnComes) {
            turnComes = true;
            execute(this::turn);
        }
    }

    /** Of the floods the first; the next one's turn is after the loop has looked at everything else. */
    private void turn() {
        turnComes = false;
        LoopPty pty = bulk.poll();
        if (pty == null) {
            return;
        }
        pty.queued = false;
        batchBytes = Math.max(LEAST_BATCH_BYTES, ReadBuffer.BYTES / (bulk.size() + 1));
        if (pty.serve()) {
            queue(pty);
        }
        LoopPty next = bulk.peek();
        if (next != null) {
            next.askAgain();
        }
    }

    /** What one PTY may read now: the more flood the less, so that all of them together wait for little. */
    int batchBytes() {
        return batchBytes;
    }

    ReadBuffer readBuffer() {
        return readBuffer;
    }

    /** The child's status where it has ended. */
    Optional<ExitStatus> reap(int pid) {
        if (Libc.waitpid(pid, Libc.address(waitStatus), Libc.WNOHANG) != pid) {
            return Optional.empty();
        }
        int status = waitStatus.getInt(0);
        int signal = status & 0x7F;
        return Optional.of(
                signal == 0
                        ? new ExitStatus(status >> 8 & 0xFF, Optional.empty())
                        : new ExitStatus(128 + signal, Optional.of(Signals.name(signal))));
    }
}
