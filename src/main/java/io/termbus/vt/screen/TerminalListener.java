package io.termbus.vt.screen;

/** What a terminal tells its owner, on the thread that feeds it, during {@link Terminal#feed}. */
public interface TerminalListener {
    /** Of a mark, see {@link #marked}. */
    long NOT_KEPT = -1;

    /** Takes no notice of anything. */
    TerminalListener SILENT = new TerminalListener() {
        @Override
        public void reply(byte[] bytes) {}

        @Override
        public void titleChanged(String title) {}

        @Override
        public void bell() {}
    };

    /** The answer to a query, to be sent to the child as if it was typed. Once for each query. */
    void reply(byte[] bytes);

    void titleChanged(String title);

    void bell();

    /**
     * A shell's mark, the last thing that the slice takes in.
     *
     * @return the number of the command whose output begins here; 0: none is known; {@link #NOT_KEPT}: the mark is not to be
     *     kept on its row
     */
    default long marked(ShellMark mark) {
        return 0;
    }

    /** What was dropped from the screens since the state would have taken more memory than it may. */
    enum Cut {
        /** The targets of links. */
        LINKS,
        /** Underline styles and colours, and combining marks. */
        ATTRIBUTES,
        /** Rows, from the top. */
        ROWS
    }

    /** Called after each cut; the oldest scrollback goes without a word. */
    default void stateCut(Cut what) {}
}
