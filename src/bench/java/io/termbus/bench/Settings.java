package io.termbus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What to run, from system properties.
 *
 * @param seconds that the attack lasts
 * @param directory for workloads and homes; removed at the end
 * @param hubOptions options of the hub's JVM
 */
record Settings(
        List<String> scenarios, int rounds, int seconds, Path jar, Path page, Path directory, List<String> hubOptions) {
    static Settings read() throws IOException {
        return new Settings(
                words(System.getProperty("bench", "all").replace(',', ' ')),
                Integer.getInteger("bench.rounds", 5),
                Integer.getInteger("bench.seconds", 300),
                Path.of(System.getProperty("bench.jar", "target/termbus.jar")).toAbsolutePath(),
                Path.of(System.getProperty("bench.page", "docs/benchmarks.md")).toAbsolutePath(),
                Files.createTempDirectory("termbus-bench"),
                words(System.getProperty("bench.hubOptions", "")));
    }

    boolean wants(String scenario) {
        return scenarios.contains("all") || scenarios.contains(scenario);
    }

    /** With these after the other options of the hub's JVM. */
    Settings withHubOptions(List<String> more) {
        List<String> all = Stream.concat(hubOptions.stream(), more.stream()).toList();
        return new Settings(scenarios, rounds, seconds, jar, page, directory, all);
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(" +"));
    }
}
