package io.termbus.flow.edge;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Arrays;

/** Tells what it means that a question to an owner failed. */
public final class LinkFailures {
    private LinkFailures() {}

    /** The owner lives and says no. */
    static boolean isRefusal(Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE;
    }

    /** The owner hangs, or much is on its way before its answer. */
    static boolean isTimeout(Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
    }

    static HubException unreachable(String session) {
        return new HubException(ErrorCode.UNAVAILABLE, "the owner of session " + session + " cannot be reached");
    }

    /** @param located whether the session was found: then nobody at its owner's address is an owner that is gone */
    public static HubException told(Throwable cause, String session, boolean located) {
        if (cause instanceof HubException known) {
            return known;
        }
        if (isRefusal(cause)) {
            ReplyException refusal = (ReplyException) cause;
            return new HubException(errorOf(refusal.failureCode()), String.valueOf(refusal.getMessage()));
        }
        boolean nobody =
                cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS && !located;
        return nobody ? HubException.notFound("no such session: " + session) : unreachable(session);
    }

    private static ErrorCode errorOf(int code) {
        return Arrays.stream(ErrorCode.values())
                .filter(each -> each.code() == code)
                .findFirst()
                .orElse(ErrorCode.INTERNAL);
    }
}
