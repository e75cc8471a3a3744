package io.termbus.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * What a hub counts, by name. Each writer asks for its own part of a metric, once, and keeps it: counting looks nothing up.
 * Any thread may call.
 */
public final class Meters {
    /** Nothing is counted. */
    public static final Meters OFF = new Meters(false);

    private static final Tally NO_TALLY = new Tally(0, false, false);
    private static final Histogram NO_HISTOGRAM = new Histogram(NO_TALLY, new long[0]);
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Who adds to a part of a metric. */
    public enum Writer {
        /** One thread at a time, such as an event loop. */
        ONE,
        ANY
    }

    private final boolean on;
    private final Map<String, Meter> meters = new LinkedHashMap<>();

    private Meters(boolean on) {
        this.on = on;
    }

    /** Of a hub whose metrics are on. */
    public static Meters on() {
        return new Meters(true);
    }

    public boolean areOn() {
        return on;
    }

    /**
     * A part of a counter. All who ask for one of that name say the same of it.
     *
     * @param name such as {@code termbus_output_bytes}; it is told with {@code _total} behind
     */
    public Tally counter(Writer writer, String name, String help, Labels labels) {
        return on ? meter(name, help, labels, List.of()).part(writer == Writer.ANY) : NO_TALLY;
    }

    /**
     * A part of a histogram of times, which are told in seconds.
     *
     * @param boundsMs of its buckets, in milliseconds, ascending
     */
    public Histogram histogram(Writer writer, String name, String help, Labels labels, long... boundsMs) {
        if (!on) {
            return NO_HISTOGRAM;
        }
        Tally part = meter(name, help, labels, LongStream.of(boundsMs).boxed().toList())
                .part(writer == Writer.ANY);
        return new Histogram(
                part, LongStream.of(boundsMs).map(ms -> ms * NANOS_PER_MILLI).toArray());
    }

    private synchronized Meter meter(String name, String help, Labels labels, List<Long> boundsMs) {
        return meters.computeIfAbsent(name, first -> new Meter(name, help, labels, boundsMs));
    }

    /** All that there are by now. */
    public synchronized List<Meter> all() {
        return List.copyOf(meters.values());
    }
}
