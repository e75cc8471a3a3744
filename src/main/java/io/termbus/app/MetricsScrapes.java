package io.termbus.app;

import io.termbus.bridge.web.Scrapes;
import io.termbus.guard.Joint;
import io.termbus.metrics.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Makes the text of scrapes. However many ask, one of each format is made at a time, by a worker, and at most
 * {@value #PER_SECOND} in a second: whoever asks meanwhile waits for the next one, which all who wait share. On one event
 * loop.
 */
final class MetricsScrapes implements Scrapes {
    static final int PER_SECOND = 10;
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    private final Vertx vertx;
    private final Supplier<Future<List<Gauge>>> figures;
    private final Exposition metrics;
    private final LongSupplier nanoTime;
    private final Kept text = new Kept(Exposition.TEXT);
    private final Kept openMetrics = new Kept(Exposition.OPEN_METRICS);

    /** @param figures how much there is of what, as {@link Figures#ask} says it */
    MetricsScrapes(Vertx vertx, Supplier<Future<List<Gauge>>> figures, Exposition metrics, LongSupplier nanoTime) {
        this.vertx = vertx;
        this.figures = figures;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
    }

    @Override
    public Future<Scraped> scrape(boolean open) {
        return (open ? openMetrics : text).asked.ask();
    }

    /** The newest text of one format. */
    private final class Kept {
        private final String contentType;
        private final Joint<Scraped> asked = new Joint<>(this::fresh);
        private Optional<Scraped> newest = Optional.empty();
        private long madeAt;

        Kept(String contentType) {
            this.contentType = contentType;
        }

        private Future<Scraped> fresh() {
            long now = nanoTime.getAsLong();
            if (newest.isPresent() && now - madeAt < FRESH_NANOS) {
                return Future.succeededFuture(newest.get());
            }
            return figures.get()
                    .compose(gauges ->
                            vertx.executeBlocking(() -> Buffer.buffer(metrics.tell(gauges, contentType)), false))
                    .map(made -> new Scraped(contentType, made))
                    .onSuccess(made -> {
                        newest = Optional.of(made);
                        madeAt = now;
                    });
        }
    }
}
