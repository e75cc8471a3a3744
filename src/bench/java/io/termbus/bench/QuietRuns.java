package io.termbus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Repeats a run while strangers take much of the processors, a few times, and keeps the run that they
 * disturbed least. Chosen by the strangers' share only, never by the result.
 */
final class QuietRuns {
    /** Of all processors; less than this disturbs little. */
    private static final double MUCH = 0.10;

    private static final int MOST_RUNS = Integer.getInteger("bench.tries", 3);
    private static final double TICKS_PER_SECOND = 100;

    private final List<HubProcess> hubs;
    private final Stats shares = new Stats();
    private int repeated;

    @FunctionalInterface
    interface Run<T> {
        T once() throws Exception;
    }

    /** A result and the processor time that the hub took for it, its children's apart. */
    record Measured<T>(T result, double hubCpuSeconds, double strangersShare) {}

    /** @param more hubs of the same cluster */
    QuietRuns(HubProcess hub, HubProcess... more) {
        hubs = new ArrayList<>(List.of(more));
        hubs.add(0, hub);
    }

    private double hubSeconds() throws IOException {
        double all = 0;
        for (HubProcess hub : hubs) {
            all += hub.proc().cpuSeconds();
        }
        return all;
    }

    <T> Measured<T> run(Run<T> run) throws Exception {
        Measured<T> best = measured(run);
        for (int i = 1; i < MOST_RUNS && best.strangersShare() > MUCH; i++) {
            repeated++;
            Measured<T> next = measured(run);
            best = next.strangersShare() < best.strangersShare() ? next : best;
        }
        shares.add(best.strangersShare() * 100);
        return best;
    }

    /** For what cannot be repeated. */
    <T> Measured<T> once(Run<T> run) throws Exception {
        Measured<T> only = measured(run);
        shares.add(only.strangersShare() * 100);
        return only;
    }

    private <T> Measured<T> measured(Run<T> run) throws Exception {
        double began = System.nanoTime() / 1e9;
        double busy = busySeconds();
        double ours = ourSeconds();
        double hubCpu = hubSeconds();
        T result = run.once();
        double processors =
                (System.nanoTime() / 1e9 - began) * Runtime.getRuntime().availableProcessors();
        double strangers = busySeconds() - busy - (ourSeconds() - ours);
        return new Measured<>(result, hubSeconds() - hubCpu, Math.max(0, strangers / processors));
    }

    /** For the report. */
    String text() {
        return String.format(
                Locale.ROOT,
                "_Other processes took %s %% of the processors during these runs; %d runs were repeated for that._%n",
                shares.text(0),
                repeated);
    }

    private double ourSeconds() throws IOException {
        double all = new Proc(ProcessHandle.current().pid()).cpuSecondsWithChildren();
        for (HubProcess hub : hubs) {
            all += hub.proc().cpuSecondsWithChildren();
        }
        return all;
    }

    /** Time that all processors were not idle since the machine's start; what a hypervisor took counts. */
    private static double busySeconds() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
        double ticks = 0;
        for (int i = 1; i <= 8; i++) {
            boolean idle = i == 4 || i == 5;
            ticks += idle ? 0 : Long.parseLong(fields[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }
}
