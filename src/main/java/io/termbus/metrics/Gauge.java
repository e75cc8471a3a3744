package io.termbus.metrics;

import java.util.List;

/**
 * How much there is of something at this moment. Immutable.
 *
 * @param values of each series of {@code labels}
 */
public record Gauge(String name, String help, Labels labels, List<Long> values) {}
