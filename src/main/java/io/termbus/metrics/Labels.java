package io.termbus.metrics;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The series of one metric: what is known before the first is counted, so that there are never more. No value may name a
 * session, a user, a client or an address. Immutable.
 *
 * @param names of the labels
 * @param series a value for each name, for each series
 */
public record Labels(List<String> names, List<List<String>> series) {
    /** One series without labels. */
    public static final Labels NONE = new Labels(List.of(), List.of(List.of()));

    /** A series for each value; its number is the value's place. */
    public static Labels of(String name, Collection<?> values) {
        return NONE.by(name, values);
    }

    /** Each of these with each of the values: series {@code n} with value {@code i} becomes {@code n * values.size() + i}. */
    public Labels by(String name, Collection<?> values) {
        return new Labels(
                Stream.concat(names.stream(), Stream.of(name)).toList(),
                series.stream()
                        .flatMap(one -> values.stream()
                                .map(value -> Stream.concat(one.stream(), Stream.of(value.toString()))
                                        .toList()))
                        .toList());
    }
}
