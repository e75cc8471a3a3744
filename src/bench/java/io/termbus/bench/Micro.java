package io.termbus.bench;

import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** The JMH benchmarks, which lie in the packages whose classes they measure. */
final class Micro {
    private Micro() {}

    static StringBuilder run(Settings settings) throws RunnerException {
        Collection<RunResult> results = new Runner(
                        new OptionsBuilder().include("io\\.termbus\\..*Jmh.*").build())
                .run();
        StringBuilder table = Report.table("benchmark", "parameters", "score", "± 99.9 %", "unit");
        for (RunResult result : results) {
            Report.row(
                    table,
                    result.getParams().getBenchmark().replaceFirst("io\\.termbus\\.", ""),
                    result.getParams().getParamsKeys().stream()
                            .map(key -> key + "=" + result.getParams().getParam(key))
                            .toList(),
                    String.format(Locale.ROOT, "%.2f", result.getPrimaryResult().getScore()),
                    String.format(Locale.ROOT, "%.2f", result.getPrimaryResult().getScoreError()),
                    result.getPrimaryResult().getScoreUnit());
        }
        return table;
    }
}
