package io.termbus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What to run, from system properties.
 *
 * @param directory for workloads and homes; removed at the end
 * @param hubOptions options of the hub's JVM
 */
record Settings(List<String> scenarios, int rounds, Path jar, Path page, Path directory, List<String> hubOptions) {
    static Settings read() throws IOException {
        return new Settings(
                words(System.getProperty("bench", "all").replace(',', ' ')),
                Integer.getInteger("bench.rounds", 5),
                Path.of(System.getProperty("bench.jar", "target/termbus.jar")).toAbsolutePath(),
                Path.of(System.getProperty("bench.page", "docs/benchmarks.md")).toAbsolutePath(),
                Files.createTempDirectory("termbus-bench"),
                words(System.getProperty("bench.hubOptions", "")));
    }

    boolean wants(String scenario) {
        return scenarios.contains("all") || scenarios.contains(scenario);
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(" +"));
    }
}
