package io.termbus.metrics;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

/** One metric, as it is told: the sum of what its writers have counted. Any thread. */
public final class Meter {
    private final String name;
    private final String help;
    private final Labels labels;
    private final List<Long> boundsMs;
    private final List<Tally> parts = new CopyOnWriteArrayList<>();

    /** @param boundsMs of a histogram, ascending; empty: a counter */
    Meter(String name, String help, Labels labels, List<Long> boundsMs) {
        this.name = name;
        this.help = help;
        this.labels = labels;
        this.boundsMs = boundsMs;
    }

    /** Without the ending that says that it is a total. */
    public String name() {
        return name;
    }

    /** One line for people. */
    public String help() {
        return help;
    }

    public Labels labels() {
        return labels;
    }

    public boolean isHistogram() {
        return !boundsMs.isEmpty();
    }

    /** Upper bounds of the buckets but the last, in seconds. */
    public double[] boundsSeconds() {
        return boundsMs.stream().mapToDouble(ms -> ms / 1000.0).toArray();
    }

    /** Of a counter. */
    public long count(int series) {
        return sum(series);
    }

    /** Of a histogram: how many times fell between each bound and the one before, and beyond the last. */
    public long[] buckets(int series) {
        int first = series * cells();
        return LongStream.range(first, first + boundsMs.size() + 1)
                .map(cell -> sum((int) cell))
                .toArray();
    }

    /** Of a histogram: all its times together. */
    public long sumNanos(int series) {
        return sum((series + 1) * cells() - 1);
    }

    /** Of each series: of a histogram the buckets and the sum. */
    private int cells() {
        return isHistogram() ? boundsMs.size() + 2 : 1;
    }

    private long sum(int cell) {
        return parts.stream().mapToLong(part -> part.get(cell)).sum();
    }

    /** What another writer counts. */
    Tally part(boolean shared) {
        Tally part = new Tally(labels.series().size() * cells(), shared, true);
        parts.add(part);
        return part;
    }
}
