package io.termbus.cli.session;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;

/** An event for a command that follows a session, in the queue of the thread that runs the command. */
public sealed interface SessionEvent {
    /** The next one; waits for it. */
    static SessionEvent take(BlockingQueue<SessionEvent> events) throws CliException {
        try {
            return events.take();
        } catch (InterruptedException e) {
            throw CliException.interrupted();
        }
    }

    /** The user leaves, or the terminal is gone. */
    record Detached() implements SessionEvent {}

    /** This terminal has another size. */
    record Resized() implements SessionEvent {}

    /** This process got a signal. */
    record Signalled(StopSignal signal) implements SessionEvent {}

    record Lost(HubConnection connection, CliException why) implements SessionEvent {}

    /** The hub has ended the subscription. */
    record Ended(String reason) implements SessionEvent {}

    record Exited(JsonObject exit) implements SessionEvent {}

    /** Nobody takes the standard output any more. */
    record OutputFailed(IOException cause) implements SessionEvent {}

    record Failed(CliException why) implements SessionEvent {}
}
