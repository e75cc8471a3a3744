package io.termbus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Runs the scenarios that were asked for; each writes its section of the report. */
public final class Bench {
    @FunctionalInterface
    private interface Run {
        StringBuilder run(Settings settings) throws Exception;
    }

    private record Scenario(String name, Run run) {}

    private static final List<Scenario> SCENARIOS = List.of(
            new Scenario("startup", StartUp::run),
            new Scenario("throughput", Throughput::run),
            new Scenario("fanout", FanOut::run),
            new Scenario("metrics", MetricsCost::run),
            new Scenario("latency", Latency::run),
            new Scenario("recordings", RecordingsCost::run),
            new Scenario("peers", Peers::run),
            new Scenario("typists", Typists::run),
            new Scenario("driving", Driving::run),
            new Scenario("interrupt", Interrupt::run),
            new Scenario("slow-links", SlowLinks::run),
            new Scenario("flow", FlowCost::run),
            new Scenario("neighbours", Neighbours::run),
            new Scenario("stuck", Stuck::run),
            new Scenario("cluster", Cluster::run),
            new Scenario("scale", Scale::run),
            new Scenario("memory", Memories::run),
            new Scenario("leaks", Leaks::run),
            new Scenario("attack", Attack::run),
            new Scenario("hostile-output", HostileOutput::run),
            new Scenario("micro", Micro::run));

    private Bench() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.read();
        Report report = new Report(settings.page(), settings.rounds());
        int failed = 0;
        try {
            for (Scenario scenario : SCENARIOS) {
                if (settings.wants(scenario.name()) && !ran(scenario, settings, report)) {
                    failed++;
                }
            }
        } finally {
            remove(settings.directory(), failed == 0);
        }
        System.exit(failed == 0 ? 0 : 1);
    }

    /** One that fails leaves its section as it was, and the others run. */
    private static boolean ran(Scenario scenario, Settings settings, Report report) throws IOException {
        System.out.println("running " + scenario.name());
        try {
            report.section(scenario.name(), scenario.run().run(settings));
            return true;
        } catch (Exception e) {
            System.err.println(scenario.name() + " failed; the hub's log is below " + settings.directory());
            e.printStackTrace();
            return false;
        }
    }

    private static void remove(Path directory, boolean all) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (all || Files.isRegularFile(file) && Files.size(file) > 10_000_000) {
                    Files.delete(file);
                }
            }
        }
    }
}
