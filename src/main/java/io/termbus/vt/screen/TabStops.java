package io.termbus.vt.screen;

import java.util.BitSet;

/** The tab stops of one buffer. Stops right of the screen stay and show when it grows. */
public final class TabStops {
    private static final int DISTANCE = 8;

    private final BitSet stops = new BitSet();
    private int cols;

    TabStops(int cols) {
        this.cols = cols;
        reset();
    }

    void reset() {
        stops.clear();
        fill(0);
    }

    private void fill(int from) {
        for (int x = from; x < cols; x += DISTANCE) {
            stops.set(x);
        }
    }

    /** New stops appear from the last one that is left of the new width. */
    void resize(int newCols) {
        cols = newCols;
        fill(stops.get(newCols) ? newCols : previous(newCols));
    }

    void set(int x) {
        stops.set(x);
    }

    void clear(int x) {
        stops.clear(x);
    }

    void clearAll() {
        stops.clear();
    }

    int next(int x) {
        int stop = stops.nextSetBit(x + 1);
        return stop < 0 || stop >= cols ? cols - 1 : stop;
    }

    int previous(int x) {
        int stop = x <= 0 ? 0 : Math.max(0, stops.previousSetBit(x - 1));
        return Math.min(stop, cols - 1);
    }

    public boolean at(int x) {
        return stops.get(x);
    }

    /** True where every eighth column has a stop and no other has. */
    public boolean isDefault() {
        for (int x = 0; x < cols; x++) {
            if (stops.get(x) != (x % DISTANCE == 0)) {
                return false;
            }
        }
        return true;
    }
}
