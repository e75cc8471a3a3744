package io.termbus.bench;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.Snapshots;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * Speed and memory of the terminal state, medians of several runs. Times are CPU time of the one thread that
 * works, so that other work on the machine counts little; garbage collection on other threads is not in them.
 */
public final class VtBench {
    private static final int RUNS = 7;
    private static final int CHUNK = 16 * 1024;

    private VtBench() {}

    /** Prints one line a measurement. */
    public static void main(String[] arguments) {
        throughput("80-column ASCII lines", lines(40_000_000));
        throughput("numbers, one a line", numbers());
        throughput("colours and cursor movement", coloured(20_000_000));
        throughput("UTF-8 text", unicode(20_000_000));
        snapshot("plain", lines(81 * 12_000));
        snapshot("coloured", coloured(2_000_000));
        memory("fresh 80x24 session, kB", 200, 0);
        memory("10,000 lines of scrollback, kB", 4, 10_100);
    }

    private static byte[] lines(int bytes) {
        byte[] out = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            int column = i % 82;
            out[i] = (byte) (column == 80 ? '\r' : column == 81 ? '\n' : 'a' + (i / 82 + column) % 26);
        }
        return out;
    }

    private static byte[] numbers() {
        StringBuilder out = new StringBuilder();
        for (int i = 1; i < 2_000_000; i++) {
            out.append(i).append("\r\n");
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] coloured(int bytes) {
        Random random = new Random(1);
        StringBuilder out = new StringBuilder();
        while (out.length() < bytes) {
            switch (random.nextInt(6)) {
                case 0 ->
                    out.append("\u001b[")
                            .append(1 + random.nextInt(24))
                            .append(';')
                            .append(1 + random.nextInt(80))
                            .append('H');
                case 1 -> out.append("\u001b[K\r\n");
                case 2 -> out.append("\u001b[38;5;").append(random.nextInt(256)).append('m');
                case 3 -> out.append("\u001b[0m");
                default -> out.append("\u001b[1;3").append(random.nextInt(8)).append("mdrwxr-xr-x 12 root");
            }
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] unicode(int bytes) {
        byte[] line = "│ 世界 naïve “text” … ─────── ok\r\n".getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[bytes / line.length * line.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = line[i % line.length];
        }
        return out;
    }

    private static void throughput(String name, byte[] stream) {
        double seconds = median(() -> {
                    Terminal terminal = new Terminal(80, 24, 10_000, TerminalListener.SILENT);
                    long start = cpuNanos();
                    feed(terminal, stream);
                    return cpuNanos() - start;
                })
                / 1e9;
        System.out.printf("%-32s %7.1f MB/s%n", name, stream.length / 1e6 / seconds);
    }

    private static void feed(Terminal terminal, byte[] stream) {
        for (int i = 0; i < stream.length; i += CHUNK) {
            terminal.feed(stream, i, Math.min(stream.length, i + CHUNK));
        }
    }

    private static void snapshot(String name, byte[] stream) {
        Terminal terminal = new Terminal(80, 24, 10_000, TerminalListener.SILENT);
        feed(terminal, stream);
        int size = Snapshots.ansi(terminal, 10_000).length;
        double nanos = median(() -> {
            long start = cpuNanos();
            Snapshots.ansi(terminal, 10_000);
            return cpuNanos() - start;
        });
        System.out.printf(
                "%-32s %7.1f ms for %d lines, %d kB%n",
                "snapshot, " + name, nanos / 1e6, terminal.scrollbackSize(), size / 1000);
    }

    private static void memory(String name, int count, int lines) {
        byte[] stream = lines(82 * lines);
        long before = used();
        List<Terminal> terminals = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Terminal terminal = new Terminal(80, 24, 10_000, TerminalListener.SILENT);
            feed(terminal, stream);
            terminals.add(terminal);
        }
        long each = (used() - before) / terminals.size();
        System.out.printf("%-32s %7.1f%n", name, each / 1000.0);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long used() {
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static double median(LongSupplier run) {
        long[] nanos = new long[RUNS];
        for (int i = -3; i < RUNS; i++) {
            long taken = run.getAsLong();
            if (i >= 0) {
                nanos[i] = taken;
            }
        }
        Arrays.sort(nanos);
        return nanos[RUNS / 2];
    }
}
