package io.termbus.cluster;

import io.vertx.core.Handler;
import java.util.Arrays;
import java.util.List;
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
    private static final String FUTURES = "io.vertx.core.impl.future.";
    /** Where the event bus writes, and where it hears how that went. */
    private static final List<String> WRITES =
            List.of("io.vertx.core.net.impl.", "io.vertx.core.eventbus.impl.clustered.OutboundConnection");

    @Override
    public void handle(Throwable failure) {
        if (isFailedWrite(failure)) {
            LOG.debug("a message to another node was not written", failure);
        } else {
            LOG.error("unhandled failure", failure);
        }
    }

    /** Code of ours may have sent the message: that comes after the write in the trace. */
    static boolean isFailedWrite(Throwable failure) {
        if (!(failure instanceof IllegalStateException) || !SAID.equals(failure.getMessage())) {
            return false;
        }
        List<String> trace = Arrays.stream(failure.getStackTrace())
                .map(StackTraceElement::getClassName)
                .toList();
        return isHeardLater(trace)
                || trace.stream()
                        .filter(name -> name.startsWith(OURS) || WRITES.stream().anyMatch(name::startsWith))
                        .findFirst()
                        .filter(name -> !name.startsWith(OURS))
                        .isPresent();
    }

    /** Of a write that another event loop made: Vert.x tells it in a task of its own. */
    private static boolean isHeardLater(List<String> trace) {
        return trace.stream().noneMatch(name -> name.startsWith(OURS))
                && trace.stream().anyMatch(name -> name.startsWith(FUTURES));
    }
}
