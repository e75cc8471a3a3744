package io.termbus.session;

/** When a session's terminal answers the queries in its output. */
enum QueryAnswers {
    ALWAYS,
    /** While the program reads by itself: an answer to one that reads lines is echoed into its output. */
    RAW,
    NEVER
}
