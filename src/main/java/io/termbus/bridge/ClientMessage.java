package io.termbus.bridge;

import io.vertx.core.MultiMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client may say, checked by {@link ClientMessageParser}. */
sealed interface ClientMessage {
    record Ping() implements ClientMessage {}

    /** @param replyAddress where it is told that deliveries come from now on; may be absent */
    record Register(String address, Optional<String> replyAddress) implements ClientMessage {}

    /** @param replyAddress where it is told that nothing comes any more; may be absent */
    record Unregister(String address, Optional<String> replyAddress) implements ClientMessage {}

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
