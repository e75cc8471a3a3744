package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import java.util.Locale;

/** How far a subscriber's acks are behind; from best to worst. */
enum Zone {
    GREEN,
    YELLOW,
    RED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /**
     * The zone of a subscriber, the worse of the zones by count and by bytes.
     *
     * @param deliveries unacked deliveries before the delivery at hand
     * @param bytes unacked bytes before the delivery at hand
     */
    static Zone of(int deliveries, long bytes, FlowConfig limits) {
        if (reaches(deliveries, bytes, limits.red())) {
            return RED;
        }
        return reaches(deliveries, bytes, limits.yellow()) ? YELLOW : GREEN;
    }

    private static boolean reaches(int deliveries, long bytes, FlowConfig.Level level) {
        return deliveries >= level.deliveries() || bytes >= level.bytes();
    }

    /** Nanoseconds that must lie between two deliveries. */
    long intervalNanos(FlowConfig limits) {
        return switch (this) {
            case GREEN -> 0;
            case YELLOW -> limits.yellow().intervalMs() * 1_000_000L;
            case RED -> limits.red().intervalMs() * 1_000_000L;
        };
    }

    boolean worseThan(Zone other) {
        return compareTo(other) > 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
