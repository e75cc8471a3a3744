package io.termbus.mcp;

/** Text of others in messages. */
final class Texts {
    /** Enough to recognise a word. */
    private static final int SHOWN_CHARS = 40;

    private Texts() {}

    /** Cut, and without control characters. */
    static String shown(String text) {
        String start = text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "…";
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
