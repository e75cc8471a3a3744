package io.termbus.bench;

import io.termbus.pty.ExitStatus;
import io.termbus.pty.Pty;
import io.termbus.pty.PtyBackend;
import io.termbus.pty.PtyBackends;
import io.termbus.pty.PtyListener;
import io.termbus.pty.PtySettings;
import io.termbus.pty.PtySpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Measures a backend without anything behind it: {@code PtyReadBench FILE [portable]} prints the
 * throughput of {@code cat FILE} (median of 5), the time to start a child and the round trip of a key.
 */
public final class PtyReadBench {
    private static final int RUNS = 5;
    private static final int STARTS = 100;
    private static final int KEYS = 500;

    private final PtyBackend backend;

    private PtyReadBench(PtyBackend backend) {
        this.backend = backend;
    }

    public static void main(String[] args) throws Exception {
        boolean portable = args.length > 1 && args[1].equals("portable");
        PtySettings settings = new PtySettings(2_000_000, Duration.ofSeconds(1), Duration.ofSeconds(1), portable);
        try (PtyBackend backend = PtyBackends.open(settings)) {
            PtyReadBench bench = new PtyReadBench(backend);
            bench.throughput(args[0]);
            bench.starts();
            bench.keys();
        }
    }

    private void throughput(String file) throws Exception {
        double[] rates = new double[RUNS];
        for (int i = 0; i < RUNS + 1; i++) {
            Sink sink = new Sink(0);
            long began = System.nanoTime();
            start(sink, "cat", file);
            sink.ended.await();
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf("%.1f MB/s, %d outputs%n", sink.bytes / 1e6 / seconds, sink.outputs);
            rates[Math.max(0, i - 1)] = sink.bytes / 1e6 / seconds;
        }
        Arrays.sort(rates);
        System.out.printf("throughput: median of %d after a warm-up: %.1f MB/s%n", RUNS, rates[RUNS / 2]);
    }

    private void starts() throws Exception {
        double[] startMs = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            Sink sink = new Sink(0);
            long began = System.nanoTime();
            start(sink, "true");
            startMs[i] = (System.nanoTime() - began) / 1e6;
            sink.ended.await();
        }
        print("start of a child", startMs);
    }

    private void keys() throws Exception {
        double[] roundTripMs = new double[KEYS];
        Sink ready = new Sink(1);
        Pty pty = start(ready, "sh", "-c", "echo ready; exec cat");
        ready.awaitOutput();
        for (int i = 0; i < KEYS; i++) {
            ready.expect();
            long began = System.nanoTime();
            pty.write(new byte[] {'x'});
            ready.awaitOutput();
            roundTripMs[i] = (System.nanoTime() - began) / 1e6;
        }
        pty.close();
        print("echo of a key", roundTripMs);
    }

    private static void print(String what, double[] ms) {
        Arrays.sort(ms);
        System.out.printf("%s: p50 %.3f ms, p99 %.3f ms%n", what, ms[ms.length / 2], ms[(int) (ms.length * 0.99)]);
    }

    private Pty start(Sink sink, String... command) throws Exception {
        PtySpec spec = new PtySpec(List.of(command), Map.of("PATH", "/usr/bin:/bin"), Path.of("/"), 80, 24);
        Pty pty = backend.start(spec, sink, Runnable::run);
        pty.request(Integer.MAX_VALUE);
        return pty;
    }

    private static final class Sink implements PtyListener {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile CountDownLatch output;
        private long bytes;
        private long outputs;

        Sink(int expected) {
            output = new CountDownLatch(expected);
        }

        void expect() {
            output = new CountDownLatch(1);
        }

        void awaitOutput() throws InterruptedException {
            output.await();
        }

        @Override
        public void output(byte[] data) {
            bytes += data.length;
            outputs++;
            output.countDown();
        }

        @Override
        public void exited(ExitStatus status) {
            ended.countDown();
        }
    }
}
