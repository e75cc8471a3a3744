package io.termbus.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;

/** Types the standard input into a session, on a thread of its own, as fast as the program reads. */
final class Typing {
    /** Ctrl-D: at the beginning of a line it is the end of the input, else it ends what is like a line. */
    private static final byte[] END = {4, 4};

    private final InputStream in;
    private final HubConnection hub;
    private final String session;
    private final Queue<Event> events;

    Typing(InputStream in, HubConnection hub, String session, Queue<Event> events) {
        this.in = in;
        this.hub = hub;
        this.session = session;
        this.events = events;
    }

    void start() {
        Thread thread = new Thread(this::typeAll, "termbus-stdin");
        thread.setDaemon(true);
        thread.start();
    }

    private void typeAll() {
        byte[] bytes = new byte[Input.PIECE_BYTES];
        boolean inLine = false;
        try {
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                Input.send(hub, session, bytes, length);
                inLine = length > 0 ? bytes[length - 1] != '\n' : inLine;
            }
            Input.send(hub, session, END, inLine ? 2 : 1);
        } catch (IOException e) {
            fail(new CliException(Status.IO, "the standard input cannot be read: " + e.getMessage()));
        } catch (ConnectionLost e) {
            fail(new CliException(
                    Status.UNAVAILABLE, e.getMessage() + "; how much of the standard input arrived is not known"));
        } catch (CliException e) {
            // A session that has exited reads no more; its exit tells the rest.
            if (e.status() != Status.NO_SESSION) {
                fail(e);
            }
        }
    }

    private void fail(CliException why) {
        events.add(new Event.Failed(why));
    }
}
