package io.termbus.pty;

import com.sun.jna.Memory;

/** An event loop's one buffer for reading: a batch of one PTY at a time. */
final class ReadBuffer {
    static final int BYTES = 65_536;

    enum Outcome {
        /** The kernel has nothing more for now. */
        EMPTY,
        /** As much as was asked for, or the read was interrupted: there may be more. */
        MORE,
        /** Nobody has the terminal open, and everything was read. */
        END
    }

    private final Memory memory = new Memory(BYTES);
    private final long address = Libc.address(memory);
    private int length;

    /**
     * Reads until the kernel has no more or {@code limit} bytes, at most {@link #BYTES}, are there. An end is believed when a second read says
     * so too: Linux looks for input first and for the terminal's close second (n_tty_read), so that what
     * was written between the two looks is there only for the next read.
     */
    Outcome fill(int fd, int limit) {
        length = 0;
        boolean ended = false;
        while (length < limit) {
            long count = Libc.read(fd, address + length, limit - length);
            if (count > 0) {
                length += (int) count;
                ended = false;
            } else if (count < 0 && Libc.errno() == Libc.EAGAIN) {
                return Outcome.EMPTY;
            } else if (count == 0 || Libc.errno() != Libc.EINTR) {
                if (ended) {
                    return Outcome.END;
                }
                ended = true;
            }
        }
        return Outcome.MORE;
    }

    int length() {
        return length;
    }

    /** What was read, in an array of exactly that size. */
    byte[] take() {
        return memory.getByteArray(0, length);
    }
}
