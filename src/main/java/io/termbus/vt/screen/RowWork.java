package io.termbus.vt.screen;

import io.termbus.vt.parser.Work;
import java.util.function.IntConsumer;

/** What one sequence does to many rows, one after the other: over several slices where it is much. Nothing comes in between. */
final class RowWork {
    private final Work work;
    private IntConsumer change = row -> {};
    private int units;
    private int next;
    private int end;

    RowWork(Work work) {
        this.work = work;
    }

    /**
     * Begins it, and does at once what may be done.
     *
     * @param from the first row
     * @param to the row behind the last one
     * @param unitsPerRow of work
     * @param change is called with each row, ascending
     */
    void begin(int from, int to, int unitsPerRow, IntConsumer change) {
        this.change = change;
        units = unitsPerRow;
        next = from;
        end = to;
        goOn();
    }

    boolean busy() {
        return next < end;
    }

    void goOn() {
        while (busy() && !work.isOver()) {
            work.spend(units);
            change.accept(next++);
        }
    }
}
