package io.termbus.bridge.web;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Port to what tells the metrics. */
@FunctionalInterface
public interface Scrapes {
    /**
     * The metrics as of now, or as of a moment ago, as text.
     *
     * @param contentType what it is
     */
    record Scraped(String contentType, Buffer text) {}

    /**
     * On an event loop; completes there.
     *
     * @param openMetrics as OpenMetrics, else in Prometheus' own format
     */
    Future<Scraped> scrape(boolean openMetrics);
}
