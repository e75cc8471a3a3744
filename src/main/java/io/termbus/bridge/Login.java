package io.termbus.bridge;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Grant;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the authenticator, for no longer than a connection may be without a login: {@code connection.loginSeconds}. */
public final class Login {
    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private Login() {}

    /**
     * @return completes at once where the answer is there, else on the caller's context; fails with a {@link HubException}
     *     always
     */
    public static Future<Grant> ask(Vertx vertx, BridgeContext hub, Credentials given) {
        Future<Grant> answer = given.areTooLong() ? Future.failedFuture(wrong()) : answer(hub, given);
        return (answer.isComplete() ? known(answer) : inTime(vertx, hub, answer))
                .recover(cause -> Future.failedFuture(refusal(cause, given)));
    }

    /** The same, and counts whether the token was right. A guess counts; that nobody could look at the token does not. */
    public static Future<Grant> askAndCount(Vertx vertx, BridgeContext hub, Credentials given) {
        AddressLimits addresses = hub.addresses();
        return ask(vertx, hub, given)
                .map(grant -> {
                    given.token().ifPresent(token -> addresses.succeeded(given.address(), token));
                    return grant;
                })
                .recover(cause -> {
                    if (given.token().isPresent() && ((HubException) cause).error() == ErrorCode.NOT_LOGGED_IN) {
                        addresses.checkMayTry(given.address());
                        addresses.failed(given.address(), given.token().get());
                    }
                    return Future.failedFuture(cause);
                });
    }

    private static Future<Grant> answer(BridgeContext hub, Credentials given) {
        try {
            return hub.authenticator().authenticate(given);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Of no context: who asks hears of it within the call. */
    private static Future<Grant> known(Future<Grant> answer) {
        return answer.succeeded() ? Future.succeededFuture(answer.result()) : Future.failedFuture(answer.cause());
    }

    private static Future<Grant> inTime(Vertx vertx, BridgeContext hub, Future<Grant> answer) {
        Promise<Grant> here = ((ContextInternal) vertx.getOrCreateContext()).promise();
        long seconds = hub.config().connection().login().toSeconds();
        long timer = vertx.setTimer(
                hub.config().connection().login().toMillis(),
                late -> here.tryFail(new HubException(
                        ErrorCode.UNAVAILABLE,
                        "nobody knows the login after " + seconds + " s (connection.loginSeconds)")));
        answer.onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.succeeded()) {
                here.tryComplete(done.result());
            } else {
                here.tryFail(done.cause());
            }
        });
        return here.future();
    }

    private static HubException refusal(Throwable cause, Credentials given) {
        if (cause instanceof HubException known) {
            return known;
        }
        LOG.error("the login of {} could not be looked at", given.peer(), cause);
        return new HubException(ErrorCode.UNAVAILABLE, "the login cannot be looked at; the hub's log has the details");
    }

    private static HubException wrong() {
        return new HubException(ErrorCode.NOT_LOGGED_IN, "wrong token");
    }
}
