package io.termbus.flow.output;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What a client asked for when it attached.
 *
 * @param subscriber id of the subscriber
 * @param session id of the session
 * @param watcher who attached
 * @param attachedAt when
 * @param readOnly attached with mode {@code read}
 * @param lossless {@code lag: "block"}: never skips, the PTY waits instead
 * @param holdsForEver a lossless one may hold the PTY back, and be silent, for as long as it likes
 * @param scrollbackLines lines of scrollback wanted in snapshots
 * @param from offset to go on from
 * @param outputFirst begins with output in any case, where need be with the oldest that is held
 */
public record Attachment(
        String subscriber,
        String session,
        Watcher watcher,
        Instant attachedAt,
        boolean readOnly,
        boolean lossless,
        boolean holdsForEver,
        int scrollbackLines,
        OptionalLong from,
        boolean outputFirst) {

    /** Id of the client connection, empty for callers inside the JVM. */
    public String connection() {
        return watcher.connection();
    }

    /** May not write, whatever the mode. */
    public boolean onlyReads() {
        return watcher.onlyReads();
    }
}
