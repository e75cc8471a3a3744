package io.termbus.app;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.termbus.metrics.Gauge;
import io.termbus.metrics.Meter;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** What the hub counts, as Prometheus' library has it. */
final class HubSnapshots {
    private static final double NANOS_PER_SECOND = 1e9;

    private HubSnapshots() {}

    static MetricSnapshot of(Gauge gauge) {
        return new GaugeSnapshot(
                new MetricMetadata(gauge.name(), gauge.help()),
                points(
                        gauge.labels(),
                        (series, labels) -> GaugeDataPointSnapshot.builder()
                                .value(gauge.values().get(series))
                                .labels(labels)
                                .build()));
    }

    static MetricSnapshot of(Meter meter) {
        MetricMetadata metadata = new MetricMetadata(meter.name(), meter.help());
        return meter.isHistogram()
                ? new HistogramSnapshot(
                        metadata, points(meter.labels(), (series, labels) -> times(meter, series, labels)))
                : new CounterSnapshot(
                        metadata,
                        points(
                                meter.labels(),
                                (series, labels) -> CounterDataPointSnapshot.builder()
                                        .value(meter.count(series))
                                        .labels(labels)
                                        .build()));
    }

    private static HistogramDataPointSnapshot times(Meter meter, int series, Labels labels) {
        double[] bounds = meter.boundsSeconds();
        double[] withLast = Arrays.copyOf(bounds, bounds.length + 1);
        withLast[bounds.length] = Double.POSITIVE_INFINITY;
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(withLast, meter.buckets(series)))
                .sum(meter.sumNanos(series) / NANOS_PER_SECOND)
                .labels(labels)
                .build();
    }

    private static <P> List<P> points(io.termbus.metrics.Labels labels, BiFunction<Integer, Labels, P> point) {
        return IntStream.range(0, labels.series().size())
                .mapToObj(series -> point.apply(
                        series, Labels.of(labels.names(), labels.series().get(series))))
                .toList();
    }
}
