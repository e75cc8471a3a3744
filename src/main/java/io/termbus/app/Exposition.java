package io.termbus.app;

import io.termbus.metrics.Gauge;
import io.termbus.metrics.Meters;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.util.List;

/**
 * Port to what tells the metrics of a hub: the libraries for it, which a program that the hub is part of may not have, are
 * behind it. Any thread may call.
 */
interface Exposition {
    String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /** Where the hub counts. */
    Meters meters();

    /**
     * Has the worker pools of a Vert.x counted that is being built.
     *
     * @return its options, for what else is to be set there
     */
    VertxOptions observe(VertxBuilder builder);

    /**
     * All metrics as text. Takes milliseconds.
     *
     * @param now how much there is of what
     * @param contentType {@link #TEXT} or {@link #OPEN_METRICS}
     */
    String tell(List<Gauge> now, String contentType);

    /** Nothing of the JVM is listened to any more. Idempotent. */
    void close();
}
