package io.termbus.pty;

import com.sun.jna.Memory;
import java.io.IOException;
import java.util.Optional;

/**
 * The writing end of a pipe that is a child's standard input: non-blocking and close-on-exec. Its owner
 * locks; {@link #flush} is called when the kernel has room again.
 */
final class StandardInput {
    private final int fd;
    private final InputQueue waiting;
    private boolean ending;
    private boolean closed;
    private Runnable closer;

    /** The two ends of a new pipe; the reading one is for the child and then closed. */
    record Pipe(int reading, int writing) {
        static Pipe open() throws IOException {
            try (Memory ends = new Memory(8)) {
                Libc.check(Libc.pipe2(Libc.address(ends), Libc.O_CLOEXEC), "no pipe for the standard input");
                Pipe pipe = new Pipe(ends.getInt(0), ends.getInt(4));
                // The child's end stays one that blocks: each has flags of its own.
                Libc.fcntl(pipe.writing, Libc.F_SETFL, Libc.O_NONBLOCK);
                return pipe;
            }
        }

        void close() {
            Libc.close(reading);
            Libc.close(writing);
        }
    }

    StandardInput(int fd, int limit) {
        this.fd = fd;
        this.waiting = new InputQueue(limit);
        this.closer = () -> Libc.close(fd);
    }

    /** Who watches the descriptor closes it, too. */
    void closedBy(Runnable watcher) {
        closer = watcher;
    }

    int fd() {
        return fd;
    }

    /** Empty where nobody reads it any more. */
    Optional<KeptPty.Pipe> keep() {
        return closed ? Optional.empty() : Optional.of(new KeptPty.Pipe(fd, waiting.copy(), ending));
    }

    /** Of a pipe that was kept. */
    static StandardInput of(KeptPty.Pipe kept, int limit) {
        StandardInput input = new StandardInput(kept.fd(), limit);
        input.waiting.add(kept.waiting(), 0);
        input.ending = kept.ending();
        return input;
    }

    /** All of the bytes, or nothing. */
    InputOutcome write(byte[] bytes) {
        if (closed || ending) {
            return InputOutcome.CLOSED;
        }
        if (!waiting.hasRoomFor(bytes.length)) {
            return InputOutcome.FULL;
        }
        waiting.add(bytes, 0);
        flush();
        return closed ? InputOutcome.CLOSED : InputOutcome.TAKEN;
    }

    /** Closes it when what waits is written. */
    void end() {
        ending = true;
        flush();
    }

    /** Writes what the pipe takes; a child that has closed its end reads no more of it. */
    void flush() {
        while (!closed && !waiting.isEmpty()) {
            byte[] piece = waiting.peek();
            long written = Libc.write(fd, piece, piece.length);
            if (written > 0) {
                waiting.remove((int) written);
            } else if (Libc.errno() == Libc.EAGAIN) {
                return;
            } else if (Libc.errno() != Libc.EINTR) {
                close();
            }
        }
        if (ending) {
            close();
        }
    }

    void close() {
        if (!closed) {
            closed = true;
            waiting.clear();
            closer.run();
        }
    }
}
