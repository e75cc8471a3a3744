package io.termbus.protocol;

import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;

/** Answers requests on the bus that failed. Any thread may call. */
public final class Refusals {
    private Refusals() {}

    /**
     * Refuses the request with what {@code cause} says, where it is the hub's own word or that of whoever was asked
     * further on.
     *
     * @return false, and nothing is answered, where nobody knows the cause
     */
    public static boolean known(Message<?> message, Throwable cause) {
        if (cause instanceof HubException own) {
            message.fail(own.error().code(), own.getMessage());
        } else if (cause instanceof ReplyException asked) {
            message.fail(asked.failureCode(), asked.getMessage());
        } else {
            return false;
        }
        return true;
    }

    /** The cause is nobody's word for a client: the hub has a defect. */
    public static void internal(Message<?> message) {
        message.fail(ErrorCode.INTERNAL.code(), "internal error");
    }
}
