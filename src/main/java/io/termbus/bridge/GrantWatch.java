package io.termbus.bridge;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Grant;
import io.termbus.protocol.HubException;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices that the grant of a connection has expired or was revoked. On the event loop of the connection. */
public final class GrantWatch {
    private static final Logger LOG = LoggerFactory.getLogger(GrantWatch.class);

    /** No timer is longer, as times may be that no timer takes. */
    private static final Duration LONGEST_TIMER = Duration.ofDays(1);

    private final Vertx vertx;
    private final Duration longestTimer;
    private final EventBus bus;
    private final Authenticator authenticator;
    private final Consumer<HubException> ended;
    private Optional<Long> expiry = Optional.empty();
    private Optional<MessageConsumer<String>> revocation = Optional.empty();

    /** @param ended told why the grant holds no more */
    public GrantWatch(Vertx vertx, EventBus bus, Authenticator authenticator, Consumer<HubException> ended) {
        this(vertx, bus, authenticator, ended, LONGEST_TIMER);
    }

    GrantWatch(
            Vertx vertx,
            EventBus bus,
            Authenticator authenticator,
            Consumer<HubException> ended,
            Duration longestTimer) {
        this.longestTimer = longestTimer;
        this.vertx = vertx;
        this.bus = bus;
        this.authenticator = authenticator;
        this.ended = ended;
    }

    /** Watches that grant, and no other any more. */
    public void begin(Grant grant) {
        close();
        expiry = grant.expiresAt().map(this::await);
        revocation = grant.share().map(id -> revocationOf(id, grant));
    }

    private long await(Instant end) {
        Duration left = Duration.between(Instant.now(), end);
        boolean last = left.compareTo(longestTimer) <= 0;
        long ms = left.isNegative() ? 1 : Math.max(1, (last ? left : longestTimer).toMillis());
        return vertx.setTimer(ms, timer -> {
            if (last) {
                ended.accept(over("the token has expired"));
            } else {
                expiry = Optional.of(await(end));
            }
        });
    }

    /** Idempotent. */
    public void close() {
        expiry.ifPresent(vertx::cancelTimer);
        expiry = Optional.empty();
        revocation.ifPresent(consumer -> consumer.unregister()
                .onFailure(failure -> LOG.warn("still registered at {}", consumer.address(), failure)));
        revocation = Optional.empty();
    }

    /** The second look is for a token that was revoked after the login and before the registration. */
    private MessageConsumer<String> revocationOf(String id, Grant grant) {
        MessageConsumer<String> consumer = bus.localConsumer(Addresses.SHARE_ENDED, message -> {
            if (message.body().equals(id)) {
                ended.accept(over("the token was revoked"));
            }
        });
        consumer.completion().onSuccess(done -> {
            if (!authenticator.holds(grant)) {
                ended.accept(over("the token was revoked"));
            }
        });
        return consumer;
    }

    private static HubException over(String why) {
        return new HubException(ErrorCode.NOT_LOGGED_IN, why);
    }
}
