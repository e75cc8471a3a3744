package io.termbus.cli.attach;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.session.SessionEvent;
import io.termbus.cli.session.Sessions;
import io.termbus.cli.session.Subscription;
import io.termbus.cli.terminal.Containment;
import io.termbus.cli.terminal.ControlSequences;
import io.termbus.cli.terminal.LocalTerminal;
import io.termbus.cli.terminal.QueryFilter;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;

/**
 * The session's screen in the user's terminal, and the byte of output up to which it is drawn. Deliveries change it on
 * readers' threads, one connection after the other; the rest may be asked from any thread.
 */
final class Screen {
    private static final byte BELL = 7;

    private final LocalTerminal terminal;
    private final String session;
    private final int scrollback;
    private final Queue<SessionEvent> events;
    private final Containment containment;
    private final QueryFilter filter;
    /** Not guarded like the rest: asking must not wait for a terminal that takes no output. */
    private volatile LocalTerminal.Size size;

    private long offset = -1;
    /** Something else than the session has written to the terminal. */
    private boolean spoiled;

    private Drawing drawing = new Drawing();

    /** @param containment what the session may do to the terminal, and what to undo at the end */
    Screen(
            LocalTerminal terminal,
            JsonObject session,
            int scrollback,
            Containment containment,
            Queue<SessionEvent> events) {
        this.containment = containment;
        this.filter = new QueryFilter(Optional.of(containment));
        this.terminal = terminal;
        this.session = Sessions.id(session);
        this.scrollback = scrollback;
        this.events = events;
        this.size = new LocalTerminal.Size(session.getInteger("cols"), session.getInteger("rows"));
    }

    String session() {
        return session;
    }

    /** Returns whether the session has that size, as far as is known. */
    boolean has(LocalTerminal.Size wanted) {
        return size.equals(wanted);
    }

    /** The arguments of an {@code attach} that goes on from here. */
    synchronized JsonObject attaching(boolean readOnly) {
        JsonObject options =
                new JsonObject().put("mode", readOnly ? "read" : "write").put("scrollback", scrollback);
        if (offset >= 0 && !spoiled) {
            options.put("from", offset);
        }
        return options;
    }

    /** Draws the next subscription; what an earlier one still brings is passed over. */
    synchronized Subscription.Listener listener() {
        drawing = new Drawing();
        return drawing;
    }

    void bell() {
        write(new byte[] {BELL});
    }

    /** Shows a line over the session's screen. */
    void notice(String text) {
        synchronized (this) {
            spoiled = true;
        }
        write(ControlSequences.notice(text));
    }

    /** The terminal knows how it is to be left before it gets what is to be undone. */
    private void show(byte[] bytes) throws IOException {
        byte[] shown = filter.filter(bytes);
        terminal.leaveBy(containment.leave());
        terminal.write(shown);
    }

    private void write(byte[] bytes) {
        try {
            terminal.write(bytes);
        } catch (IOException e) {
            events.add(failure(e));
        }
    }

    private static SessionEvent failure(IOException e) {
        return new SessionEvent.Failed(
                new CliException(Status.IO, "the terminal cannot be written to: " + e.getMessage()));
    }

    private final class Drawing implements Subscription.Listener {
        @Override
        public void snapshot(int cols, int rows, byte[] bytes, long newOffset) throws IOException {
            synchronized (Screen.this) {
                if (stale()) {
                    return;
                }
                filter.reset();
                terminal.write(containment.blank().getBytes(StandardCharsets.UTF_8));
                show(bytes);
                size = new LocalTerminal.Size(cols, rows);
                offset = newOffset;
                spoiled = false;
            }
        }

        @Override
        public void output(byte[] bytes, long newOffset) throws IOException {
            synchronized (Screen.this) {
                if (!stale()) {
                    show(bytes);
                    offset = newOffset;
                }
            }
        }

        @Override
        public void resized(int cols, int rows) {
            size = new LocalTerminal.Size(cols, rows);
        }

        @Override
        public void recorded(boolean on) {
            synchronized (Screen.this) {
                if (!stale()) {
                    notice(on ? "this session is recorded from now on" : "this session is recorded no more");
                }
            }
        }

        @Override
        public void failed(IOException cause) {
            events.add(failure(cause));
        }

        private boolean stale() {
            return drawing != this;
        }
    }
}
