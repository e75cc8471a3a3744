package io.termbus.cli;

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
    private final Link link;
    private final Screen screen;
    private final Queue<Event> events;

    Keyboard(InputStream in, DetachKey key, boolean readOnly, Link link, Screen screen, Queue<Event> events) {
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
        byte[] bytes = new byte[Input.PIECE_BYTES];
        try {
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                int end = key.find(bytes, length);
                if (readOnly) {
                    end = Math.max(end, CTRL_C.find(bytes, length));
                } else {
                    send(Answers.without(bytes, end < 0 ? length : end));
                }
                if (end >= 0) {
                    break;
                }
            }
        } catch (IOException e) {
            events.add(
                    new Event.Failed(new CliException(Status.IO, "the terminal cannot be read: " + Frames.reason(e))));
        }
        events.add(new Event.Detached());
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
                Input.send(hub, screen.session(), keys, keys.length);
            }
        } catch (CliException e) {
            // A lost connection or the session's end is told elsewhere; what was typed is lost.
            screen.bell();
        }
    }

    private void type(HubConnection hub, byte[] keys) throws ConnectionLost {
        hub.ask(Addresses.session(screen.session()), "input", Input.body(keys)).whenComplete((done, failure) -> {
            if (failure != null) {
                screen.bell();
            }
        });
    }
}
