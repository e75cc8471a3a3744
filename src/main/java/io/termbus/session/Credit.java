package io.termbus.session;

/**
 * How many outputs the PTY may bring: as many as flow control has taken and the terminal's state has taken in, so that
 * neither is ever behind by more than the window. On the session's event loop.
 */
final class Credit {
    private int taken;
    private int fed;
    /** Outputs that the state is still to take in, for which more came already. */
    private int lent;

    /** Flow control has taken so many; returns how many more may come. */
    int taken(int count) {
        return settle(taken + count, fed);
    }

    /** The state has taken one in; returns how many more may come. */
    int fed() {
        if (lent > 0) {
            lent--;
            return 0;
        }
        return settle(taken, fed + 1);
    }

    /**
     * So many outputs may come before the state has taken in those before: the rest of a program that is being killed, whose
     * end is told behind its output. Returns how many more may come.
     */
    int ahead(int count) {
        int more = Math.max(0, count - lent);
        lent += more;
        return settle(taken, fed + more);
    }

    private int settle(int newTaken, int newFed) {
        int both = Math.min(newTaken, newFed);
        taken = newTaken - both;
        fed = newFed - both;
        return both;
    }
}
