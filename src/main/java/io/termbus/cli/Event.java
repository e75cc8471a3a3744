package io.termbus.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;

/** What may happen to a command that follows a session; told to the thread that runs the command. */
sealed interface Event {
    /** The next one; waits for it. */
    static Event take(BlockingQueue<Event> events) throws CliException {
        try {
            return events.take();
        } catch (InterruptedException e) {
            throw CliException.interrupted();
        }
    }

    /** The user leaves, or the terminal is gone. */
    record Detached() implements Event {}

    /** This terminal has another size. */
    record Resized() implements Event {}

    /** This process got a signal. */
    record Signalled(StopSignal signal) implements Event {}

    record Lost(HubConnection connection, CliException why) implements Event {}

    /** The hub has ended the subscription. */
    record Ended(String reason) implements Event {}

    record Exited(JsonObject exit) implements Event {}

    /** Nobody takes the standard output any more. */
    record OutputFailed(IOException cause) implements Event {}

    record Failed(CliException why) implements Event {}
}
