package io.termbus.bench;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.unix.UnixPtyProcess;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The yardstick: a PTY whose master one thread reads as fast as it can, and nothing else. */
final class RawPty implements AutoCloseable {
    private static final int BUFFER_BYTES = 65_536;

    static {
        Native.register(RawPty.class, "c");
    }

    /** @param seconds from the input that starts the output to the last byte of it */
    record Result(double seconds, long bytes) {
        double megabytesPerSecond() {
            return bytes / 1e6 / seconds;
        }
    }

    private final PtyProcess process;
    private final int master;
    private final Memory memory = new Memory(BUFFER_BYTES);
    private final long address = Pointer.nativeValue(memory);

    static native long read(int fd, long buffer, long count);

    static native long write(int fd, byte[] bytes, long count);

    RawPty(List<String> command) throws IOException {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("TERM", "xterm-256color");
        process = new PtyProcessBuilder(command.toArray(String[]::new))
                .setEnvironment(environment)
                .setInitialColumns(80)
                .setInitialRows(24)
                .start();
        master = ((UnixPtyProcess) process).getPty().getMasterFD();
    }

    static Result run(Workload workload) throws IOException {
        try (RawPty pty = new RawPty(workload.command())) {
            pty.await(Workload.READY.length());
            long began = System.nanoTime();
            long last = began;
            pty.type("\r");
            long bytes = 0;
            for (long count = pty.read(); count > 0; count = pty.read()) {
                bytes += count;
                last = System.nanoTime();
            }
            return new Result((last - began) / 1e9, bytes);
        }
    }

    void type(String keys) {
        byte[] bytes = keys.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        write(master, bytes, bytes.length);
    }

    void await(int bytes) throws IOException {
        for (long had = 0; had < bytes; ) {
            long count = read();
            if (count <= 0) {
                throw new IOException("the child has ended");
            }
            had += count;
        }
    }

    /** Throws away all that comes. Returns at the end of it. */
    void drain() {
        while (read() > 0) {
            // nothing is kept
        }
    }

    /** Blocks; 0 or less at the end. */
    private long read() {
        return read(master, address, BUFFER_BYTES);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
