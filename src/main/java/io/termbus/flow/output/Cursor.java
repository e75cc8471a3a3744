package io.termbus.flow.output;

import io.termbus.protocol.Payload;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader of a session's output stands in its backlog: what it gets next, be it a subscriber or another node.
 * Single writer: the flow-control instance that owns the session.
 */
final class Cursor {
    private final Backlog backlog;
    private long offset;
    private Backlog.@Nullable SizeMark size;
    /** Numbers of the newest bulletins that the reader was told of. */
    private long toldLease;

    private long toldCommand;

    Cursor(Backlog backlog, long offset) {
        this.backlog = backlog;
        this.offset = offset;
        toldLease = backlog.bulletins().last();
        toldCommand = toldLease;
    }

    /** Of the next byte. */
    long offset() {
        return offset;
    }

    void moveTo(long newOffset) {
        offset = newOffset;
    }

    /** The next byte is not held any more. */
    boolean isBehind() {
        return offset < backlog.start();
    }

    boolean isAtEnd() {
        return offset >= backlog.end();
    }

    /** Bytes between here and the end of the output. */
    long waiting() {
        return backlog.end() - offset;
    }

    /** The size that the terminal has from here on, where the reader does not know it; taken for known from now on. */
    Backlog.@Nullable SizeMark takeSize() {
        Backlog.SizeMark mark = backlog.nextMark(offset, size);
        if (mark == null || mark.offset() != offset) {
            return null;
        }
        size = mark;
        return mark;
    }

    /** The reader knows the size by another way. */
    void knows(Backlog.SizeMark mark) {
        size = mark;
    }

    /** The reader may not have been told of what came after that place. */
    void forgetSizeFrom(long place) {
        if (size != null && size.offset() >= place) {
            size = null;
        }
    }

    /**
     * What the reader is to be told now; taken for told. Who drives is told at its place in the output, commands when no more
     * output waits: what lags is not held up by them.
     */
    Optional<Bulletins.Bulletin> takeBulletin() {
        Bulletins all = backlog.bulletins();
        Optional<Bulletins.Bulletin> lease =
                all.lease().filter(each -> each.number() > toldLease && each.offset() <= offset);
        if (lease.isPresent()) {
            toldLease = lease.get().number();
            return lease;
        }
        Optional<Bulletins.Bulletin> command = isAtEnd() ? all.commandAfter(toldCommand) : Optional.empty();
        command.ifPresent(each -> toldCommand = each.number());
        return command;
    }

    /** The reader may not have been told of who drives. */
    void forgetLease() {
        toldLease = 0;
    }

    /** A change of size cuts what waits. */
    boolean meetsSize() {
        return backlog.nextMark(offset, size) != null;
    }

    /** The next bytes, at most so many, up to the next change of size; moves behind them. */
    Payload take(long most) {
        long to = Math.min(backlog.end(), offset + most);
        Backlog.SizeMark mark = backlog.nextMark(offset, size);
        if (mark != null) {
            to = Math.min(to, mark.offset());
        }
        Payload taken = backlog.read(offset, to);
        offset = to;
        return taken;
    }
}
