package io.termbus.mcp;

import java.util.Arrays;
import java.util.Optional;

/** The revisions of MCP that are spoken, the newest first. */
enum Revision {
    /** Each request says all that there is to know; there is no handshake. */
    STATELESS("2026-07-28"),
    NOVEMBER_2025("2025-11-25"),
    JUNE_2025("2025-06-18"),
    /** Of requests over HTTP that name none: the first that had this transport, and the last without a header for it. */
    MARCH_2025("2025-03-26");

    /** What is offered to who asks by a handshake for a revision that is not spoken. */
    static final Revision NEWEST_WITH_HANDSHAKE = NOVEMBER_2025;

    private final String date;

    Revision(String date) {
        this.date = date;
    }

    static Optional<Revision> of(String date) {
        return Arrays.stream(values()).filter(each -> each.date.equals(date)).findFirst();
    }

    /** As it stands in messages. */
    @Override
    public String toString() {
        return date;
    }
}
