package io.termbus.cli.attach;

import io.termbus.cli.hub.ConnectionLost;
import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.session.SessionEvent;
import io.termbus.cli.session.SessionInput;
import io.termbus.protocol.Addresses;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Queue;

/**
 * Reads what is typed, on a thread of its own, and sends it to the session until the detach key. While
 * there is no connection typing only rings the bell: sent later it might go to another prompt.
 */
final class Keyboard {
    /** Typing does not wait for answers; a paste does, piece by piece, so that none of it is refused. */
    private static final int TYPED_BYTES = 512;

    private static final DetachKey CTRL_C = new DetachKey("Ctrl-C", List.of(new byte[] {3}));

    private final InputStream in;
    private final DetachKey key;
    private final boolean readOnly;
    private final SessionConnection link;
    private final Screen screen;
    private final Queue<SessionEvent> events;

    Keyboard(
            InputStream in,
            DetachKey key,
            boolean readOnly,
            SessionConnection link,
            Screen screen,
            Queue<SessionEvent> events) {
        this.in = in;
        this.key = key;
        this.readOnly = readOnly;
        this.link = link;
        this.screen = screen;
        this.events = events;
    }

    void start() {
        Thread thread = new Thread(this::readAll, "termbus-keyboard");
        thread.setDaemon(true);
        thread.start();
    }

    private void readAll() {
        byte[] bytes = new byte[SessionInput.PIECE_BYTES];
        try {
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                int end = key.find(bytes, length);
                if (readOnly) {
                    end = Math.max(end, CTRL_C.find(bytes, length));
                } else {
                    send(TerminalReplies.without(bytes, end < 0 ? length : end));
                }
                if (end >= 0) {
                    break;
                }
            }
        } catch (IOException e) {
            events.add(new SessionEvent.Failed(
                    new CliException(Status.IO, "the terminal cannot be read: " + e.getMessage())));
        }
        events.add(new SessionEvent.Detached());
    }

    private void send(byte[] keys) {
        HubConnection hub = link.usable();
        if (keys.length == 0) {
            return;
        }
        if (hub == null) {
            screen.bell();
            return;
        }
        link.claimSize();
        try {
            if (keys.length <= TYPED_BYTES) {
                type(hub, keys);
            } else {
                SessionInput.send(hub, screen.session(), keys, keys.length);
            }
        } catch (CliException e) {
            // A lost connection or the session's end is told elsewhere; what was typed is lost.
            screen.bell();
        }
    }

    private void type(HubConnection hub, byte[] keys) throws ConnectionLost {
        hub.ask(Addresses.session(screen.session()), "input", SessionInput.body(keys))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        screen.bell();
                    }
                });
    }
}
