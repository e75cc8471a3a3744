package io.termbus.bridge;

import io.vertx.core.MultiMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client may say, checked by {@link ClientMessageParser}. */
sealed interface ClientMessage {
    record Ping() implements ClientMessage {}

    record Register(String address) implements ClientMessage {}

    record Unregister(String address) implements ClientMessage {}

    /**
     * A command: {@code send}, or {@code publish}, which never has a reply address.
     *
     * @param headers the client's own, none of them reserved; one value for each name
     * @param body any JSON value
     */
    record Command(
            String address, MultiMap headers, @Nullable Object body, Optional<String> replyAddress)
            implements ClientMessage {}
}
