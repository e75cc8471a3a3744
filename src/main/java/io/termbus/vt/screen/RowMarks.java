package io.termbus.vt.screen;

import org.jspecify.annotations.Nullable;

/**
 * The marks of a shell that a row has: one of each kind, the newest. Immutable.
 *
 * @param kinds bits of {@link ShellMark.Kind}
 * @param status of the command that ended here; -1: not told
 * @param number counts the marks of a buffer: the newest one of the row
 * @param command whose output begins here; 0: none is known
 */
record RowMarks(int kinds, int status, long number, long command) {
    /** What a row's take in memory, with the reference to them. */
    static final int BYTES = 40;

    static RowMarks of(ShellMark mark, long number, long command) {
        int status = mark.kind() == ShellMark.Kind.END ? mark.status() : -1;
        return new RowMarks(mark.kind().bit(), status, number, command);
    }

    boolean has(ShellMark.Kind kind) {
        return (kinds & kind.bit()) != 0;
    }

    /** Those of two rows that became one. */
    static @Nullable RowMarks join(@Nullable RowMarks before, @Nullable RowMarks after) {
        if (before == null || after == null) {
            return before == null ? after : before;
        }
        int status = after.has(ShellMark.Kind.END) ? after.status() : before.status();
        long command = after.has(ShellMark.Kind.OUTPUT) ? after.command() : before.command();
        return new RowMarks(before.kinds() | after.kinds(), status, Math.max(before.number(), after.number()), command);
    }
}
