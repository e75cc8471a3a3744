package io.termbus.vt.screen;

/** What a terminal tells its owner, on the thread that feeds it, during {@link Terminal#feed}. */
public interface TerminalListener {
    /** The answer to a query, to be sent to the child as if it was typed. Once for each query. */
    void reply(byte[] bytes);

    void titleChanged(String title);

    void bell();
}
