package io.termbus.cli.run;

import io.termbus.cli.hub.ConnectionLost;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.session.SessionEvent;
import io.termbus.cli.session.SessionInput;
import java.io.IOException;
import java.io.InputStream;
import java.util.Queue;

/** Forwards the standard input to a session, on a thread of its own, as fast as the program reads. */
final class InputForwarder {
    private final InputStream in;
    private final Target target;
    private final Queue<SessionEvent> events;

    /** Sends it to the session. */
    interface Target {
        /** Waits, without end, while the program does not read; false where it reads no more of it. */
        boolean send(byte[] bytes, int length) throws CliException;

        void end() throws CliException;
    }

    InputForwarder(InputStream in, Target target, Queue<SessionEvent> events) {
        this.in = in;
        this.target = target;
        this.events = events;
    }

    void start() {
        Thread thread = new Thread(this::typeAll, "termbus-stdin");
        thread.setDaemon(true);
        thread.start();
    }

    private void typeAll() {
        byte[] bytes = new byte[SessionInput.PIECE_BYTES];
        try {
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                if (!target.send(bytes, length)) {
                    return;
                }
            }
            target.end();
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
        events.add(new SessionEvent.Failed(why));
    }
}
