package io.termbus.session;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks for what waits want in some lines. It takes what it takes, so it goes in pieces, on a worker, and rests between
 * them. One thread at a time.
 */
final class LineSearch {
    /** Of one piece. */
    static final long PIECE_NANOS = 10_000_000;
    /** Characters to look at, each by an instruction of a regex: less than it takes to have a worker do it. */
    private static final long QUICK_UNITS = 8192;

    /** The first condition that holds, and the line that it was found in. */
    record Found(int index, String line) {}

    /** One who waits. */
    static final class Seeker {
        private final List<WaitCondition> any;
        private Optional<Found> found = Optional.empty();

        Seeker(List<WaitCondition> any) {
            this.any = any;
        }

        /** Of the lines so far; read when no worker searches. */
        Optional<Found> found() {
            return found;
        }

        private void look(String line) {
            WaitCondition.firstIn(any, line)
                    .filter(index -> found.map(known -> index < known.index()).orElse(true))
                    .ifPresent(index -> found = Optional.of(new Found(index, line)));
        }
    }

    private final List<String> lines;
    private final List<Seeker> seekers;
    private int line;
    private int seeker;
    private long nanos;

    LineSearch(List<String> lines, List<Seeker> seekers) {
        this.lines = lines;
        this.seekers = seekers;
    }

    /** It takes no longer than what an event loop may do between two others. */
    boolean isQuick() {
        long chars = lines.stream().mapToLong(String::length).sum();
        long each = seekers.stream()
                .flatMap(one -> one.any.stream())
                .mapToLong(WaitCondition::unitsOfCharacter)
                .sum();
        return chars * each <= QUICK_UNITS;
    }

    boolean isDone() {
        return line == lines.size() || seekers.isEmpty();
    }

    /** What it has taken so far. */
    long nanos() {
        return nanos;
    }

    /** One piece. */
    void go(LongSupplier workNanos) {
        long began = workNanos.getAsLong();
        long took = 0;
        while (!isDone() && took < PIECE_NANOS) {
            seekers.get(seeker++).look(lines.get(line));
            if (seeker == seekers.size()) {
                seeker = 0;
                line++;
            }
            took = workNanos.getAsLong() - began;
        }
        nanos += took;
    }
}
