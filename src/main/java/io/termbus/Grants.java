package io.termbus;

import io.termbus.bridge.Authenticator;
import io.termbus.bridge.Authorizer;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Role;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.Optional;

/** What a program says of its users, in the words of the hub. */
final class Grants {
    private Grants() {}

    static Authenticator port(TermbusAuthenticator program) {
        return given -> program.authenticate(new Credentials(given.token(), given.user(), given.address()))
                .map(Grants::ofHub)
                .recover(cause -> Future.failedFuture(told(cause)));
    }

    static Authorizer port(TermbusAuthorizer program) {
        return (who, operation, session) -> program.mayDo(ofProgram(who), operation.action(), session);
    }

    private static io.termbus.protocol.Grant ofHub(Grant it) {
        return new io.termbus.protocol.Grant(
                it.user(), Role.valueOf(it.role().name()), it.session(), Optional.empty(), it.expiresAt());
    }

    private static Grant ofProgram(io.termbus.protocol.Grant it) {
        return new Grant(it.user(), Grant.Role.valueOf(it.role().name()), it.session(), it.expiresAt());
    }

    /** What is no word for clients is the hub's to log. */
    private static Throwable told(Throwable cause) {
        return cause instanceof TermbusException refusal
                ? Arrays.stream(ErrorCode.values())
                        .filter(each -> each.code() == refusal.code())
                        .findFirst()
                        .<Throwable>map(code -> new HubException(code, String.valueOf(refusal.getMessage())))
                        .orElse(cause)
                : cause;
    }
}
