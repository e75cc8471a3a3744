package io.termbus.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Figures of one thing, a figure for each round. */
final class Stats {
    private final List<Double> values = new ArrayList<>();

    static Stats of(double... values) {
        Stats stats = new Stats();
        for (double value : values) {
            stats.add(value);
        }
        return stats;
    }

    void add(double value) {
        values.add(value);
    }

    void addAll(Stats others) {
        values.addAll(others.values);
    }

    /** Each round's figure to the other's of the same round. */
    Stats of(Stats others) {
        Stats ratios = new Stats();
        for (int i = 0; i < size(); i++) {
            ratios.add(values.get(i) / others.values.get(i));
        }
        return ratios;
    }

    int size() {
        return values.size();
    }

    double median() {
        return percentile(50);
    }

    /** The value that {@code percent} of the values do not exceed. */
    double percentile(double percent) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int index = (int) Math.ceil(sorted.size() * percent / 100) - 1;
        return sorted.get(Math.max(0, index));
    }

    double min() {
        return Collections.min(values);
    }

    double max() {
        return Collections.max(values);
    }

    /** Median and range, as in {@code 41.2 (38.0–43.9)}. */
    String text(int decimals) {
        String format = "%." + decimals + "f";
        return String.format(Locale.ROOT, format + " (" + format + "–" + format + ")", median(), min(), max());
    }
}
