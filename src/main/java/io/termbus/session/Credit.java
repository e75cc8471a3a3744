package io.termbus.session;

/**
 * How many outputs the PTY may bring: as many as flow control has taken and the terminal's state has taken in, so that
 * neither is ever behind by more than the window. On the session's event loop.
 */
final class Credit {
    private int taken;
    private int fed;

    /** Flow control has taken so many; returns how many more may come. */
    int taken(int count) {
        return settle(taken + count, fed);
    }

    /** The state has taken one in; returns how many more may come. */
    int fed() {
        return settle(taken, fed + 1);
    }

    private int settle(int newTaken, int newFed) {
        int both = Math.min(newTaken, newFed);
        taken = newTaken - both;
        fed = newFed - both;
        return both;
    }
}
