package io.termbus.session;

import io.termbus.vt.lines.ScreenWatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks for what one wait wants in the lines of one look after another. It takes what it takes, so it goes in pieces; of
 * lines that are still to be searched the oldest give way beyond {@link #MAX_WEIGHT}. On the session's event loop, but for
 * {@link #go}.
 */
final class LineSearch {
    /** Of one piece, and what one line takes beyond: one condition and line at a time. */
    static final long PIECE_NANOS = 1_000_000;
    /** Of all lines that are still to be searched. */
    static final long MAX_WEIGHT = 1 << 20;
    /** What a line weighs beyond its characters. */
    private static final int LINE_WEIGHT = 64;
    /** What one line may take. */
    private static final long MAX_PIECE_UNITS =
            (long) WaitSpec.MAX_CONDITIONS * ScreenWatch.LINE_CHARS * WaitCondition.MAX_REGEX_SIZE;
    /** What a character and an instruction of a regex take, about. */
    private static final long UNIT_NANOS = 5;

    /** The first condition that holds, and the line that it was found in. */
    record Found(int index, String line) {}

    /** Lines of one look, the newest; shared by those who search them. */
    static final class Lines {
        private final Deque<String> newest = new ArrayDeque<>();
        private long weight;
        private long chars;

        void add(String line) {
            newest.add(line);
            count(line, 1);
            while (weight > MAX_WEIGHT) {
                count(newest.remove(), -1);
            }
        }

        private void count(String line, int sign) {
            weight += sign * (long) (line.length() + LINE_WEIGHT);
            chars += sign * (long) line.length();
        }
    }

    private final List<WaitCondition> any;
    private final long unitsOfCharacter;
    private final Deque<Lines> pending = new ArrayDeque<>();
    private long weight;
    private long chars;
    /** The lines that are searched, by whoever has begun a piece. */
    private List<String> lines = List.of();

    private Lines current = new Lines();
    private int condition;
    private int line;
    private Optional<Found> found = Optional.empty();
    private long nanos;

    LineSearch(List<WaitCondition> any) {
        this.any = any;
        this.unitsOfCharacter =
                any.stream().mapToLong(WaitCondition::unitsOfCharacter).sum();
    }

    void add(Lines more) {
        if (more.newest.isEmpty()) {
            return;
        }
        pending.add(more);
        count(more, 1);
        while (weight > MAX_WEIGHT) {
            count(pending.remove(), -1);
        }
    }

    private void count(Lines some, int sign) {
        weight += sign * some.weight;
        chars += sign * some.chars;
    }

    boolean isPending() {
        return found.isEmpty() && !pending.isEmpty();
    }

    /** What all that is left takes at the most: characters, each by an instruction. */
    long units() {
        return chars * unitsOfCharacter;
    }

    /** What it has taken, and what the next piece may take. */
    long nanosAfterPiece() {
        return nanos + Math.min(units(), MAX_PIECE_UNITS) * UNIT_NANOS;
    }

    /** What it has taken so far; never less than what it is told here. */
    long nanos(long least) {
        nanos = Math.max(nanos, least);
        return nanos;
    }

    Optional<Found> found() {
        return found;
    }

    /** Before a piece. */
    void begin() {
        Lines head = pending.element();
        if (head != current) {
            current = head;
            lines = List.copyOf(head.newest);
            condition = 0;
            line = 0;
        }
    }

    /** One piece; the thread to which the event loop has lent it. */
    void go(LongSupplier workNanos) {
        long began = workNanos.getAsLong();
        long took = 0;
        while (!isThrough() && took < PIECE_NANOS) {
            step();
            took = workNanos.getAsLong() - began;
        }
        nanos += took;
    }

    private boolean isThrough() {
        return found.isPresent() || condition == any.size();
    }

    private void step() {
        if (any.get(condition).isIn(lines.get(line))) {
            found = Optional.of(new Found(condition, lines.get(line)));
        } else if (++line == lines.size()) {
            line = 0;
            condition++;
        }
    }

    /** After a piece. */
    void end() {
        if (isThrough()) {
            give();
        }
    }

    /** No more of these lines. */
    void give() {
        if (pending.peek() == current) {
            count(pending.remove(), -1);
        }
        current = new Lines();
        lines = List.of();
    }
}
