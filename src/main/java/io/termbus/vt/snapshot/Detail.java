package io.termbus.vt.snapshot;

import io.termbus.vt.screen.Row;

/** How much of its cells a snapshot tells. */
public enum Detail {
    ALL,
    /** All but the targets of links. */
    NO_LINKS,
    /** Characters without attributes, colours and marks: at most 4 bytes a cell. */
    PLAIN;

    /** The row as it is told. */
    Row of(Row row) {
        return switch (this) {
            case ALL -> row;
            case NO_LINKS -> row.withoutLinks();
            case PLAIN -> row.withoutAttributes();
        };
    }
}
