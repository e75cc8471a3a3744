package io.termbus.app;

import io.micrometer.core.instrument.Meter.Id;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.termbus.metrics.Gauge;
import io.termbus.metrics.Meters;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Tells what a hub counts, and the JVM and the worker pools of Vert.x beside it, in Prometheus' formats. The hub's own figures
 * are read where they are kept; nothing of them goes through the registry's meters. Loaded only where metrics are on. Any
 * thread may call.
 */
final class PrometheusMetrics implements Exposition {
    /** Of Vert.x all but the worker pools: the rest is counted by the hub, or would cost each delivery. */
    private static final EnumSet<MetricsDomain> NOT_COUNTED =
            EnumSet.complementOf(EnumSet.of(MetricsDomain.NAMED_POOLS));
    /** All but what waits: the rest would be fifteen series for each pool. */
    private static final List<String> NOT_TOLD = List.of(
            "vertx.pool.ratio",
            "vertx.pool.usage",
            "vertx.pool.queue.time",
            "vertx.pool.in.use",
            "vertx.pool.completed");

    private final Meters meters = Meters.on();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private volatile List<Gauge> gauges = List.of();

    PrometheusMetrics() {
        registry.config().meterFilter(MeterFilter.deny(PrometheusMetrics::isNotTold));
        Stream.of(
                        collections,
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics())
                .forEach(each -> each.bindTo(registry));
        registry.getPrometheusRegistry().register(this::collect);
    }

    private static boolean isNotTold(Id meter) {
        return NOT_TOLD.contains(meter.getName());
    }

    @Override
    public Meters meters() {
        return meters;
    }

    @Override
    public VertxOptions observe(VertxBuilder builder) {
        MicrometerMetricsOptions options = new MicrometerMetricsOptions()
                .setEnabled(true)
                .setRegistryName(UUID.randomUUID().toString())
                .setLabels(EnumSet.of(Label.POOL_NAME));
        NOT_COUNTED.forEach(options::addDisabledMetricsCategory);
        VertxOptions all = new VertxOptions().setMetricsOptions(options);
        builder.with(all).withMetrics(new MicrometerMetricsFactory(registry));
        return all;
    }

    @Override
    public String tell(List<Gauge> now, String contentType) {
        gauges = now;
        return registry.scrape(contentType);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private MetricSnapshots collect() {
        return new MetricSnapshots(Stream.concat(
                        meters.all().stream().map(HubSnapshots::of),
                        gauges.stream().map(HubSnapshots::of))
                .toList());
    }
}
