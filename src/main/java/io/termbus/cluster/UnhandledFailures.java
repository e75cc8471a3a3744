package io.termbus.cluster;

import io.vertx.core.Handler;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what nobody handles, as Vert.x does by itself, but for one fault of its own: the event bus completes a message
 * whose write failed, says that it could not, and throws for that. The message has been dealt with.
 */
final class UnhandledFailures implements Handler<Throwable> {
    private static final Logger LOG = LoggerFactory.getLogger(UnhandledFailures.class);
    private static final String SAID = "Promise already completed";
    private static final String OURS = "io.termbus.";
    private static final String WRITES = "io.vertx.core.net.impl.";

    @Override
    public void handle(Throwable failure) {
        if (isFailedWrite(failure)) {
            LOG.debug("a message to another node was not written", failure);
        } else {
            LOG.error("unhandled failure", failure);
        }
    }

    static boolean isFailedWrite(Throwable failure) {
        StackTraceElement[] frames = failure.getStackTrace();
        return failure instanceof IllegalStateException
                && SAID.equals(failure.getMessage())
                && Arrays.stream(frames).anyMatch(frame -> frame.getClassName().startsWith(WRITES))
                && Arrays.stream(frames).noneMatch(frame -> frame.getClassName().startsWith(OURS));
    }
}
