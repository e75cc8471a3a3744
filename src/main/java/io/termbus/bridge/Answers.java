package io.termbus.bridge;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes replies, errors, notices and published messages in the JSON of the stock bridges. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    static final String INTERNAL = "the hub failed; its log has the details";

    private final Dialect dialect;
    private final FrameEncoder encoder;
    private final Outbox outbox;
    private final LongAnswers.Member longs;
    private final IntConsumer asked;
    private final BridgeMeters meters;

    /** @param asked hears of the bytes of each reply to a command */
    Answers(
            Dialect dialect,
            FrameEncoder encoder,
            Outbox outbox,
            LongAnswers.Member longs,
            IntConsumer asked,
            BridgeMeters meters) {
        this.dialect = dialect;
        this.encoder = encoder;
        this.outbox = outbox;
        this.longs = longs;
        this.asked = asked;
        this.meters = meters;
    }

    void pong() {
        outbox.addUrgent(encoded(new JsonObject().put("type", "pong")));
    }

    /** A message from the bus, or the reply to a command, as the client's message at {@code address}. */
    void message(String address, MultiMap headers, @Nullable Object body, boolean send) {
        outbox.add(frame(address, headers, body, send));
    }

    /**
     * The same of what was published.
     *
     * @param gone run when it leaves for the client, or never will
     */
    void published(String address, MultiMap headers, JsonObject body, boolean send, Runnable gone) {
        outbox.add(new Outgoing.Encoded(json(address, headers, body, send).toBuffer(), gone));
    }

    /** The same as {@link #message}, before output that waits. */
    void urgent(String address, MultiMap headers, @Nullable Object body) {
        outbox.addUrgent(frame(address, headers, body, true));
    }

    private Outgoing frame(String address, MultiMap headers, @Nullable Object body, boolean send) {
        return encoded(json(address, headers, body, send));
    }

    private JsonObject json(String address, MultiMap headers, @Nullable Object body, boolean send) {
        JsonObject names = new JsonObject();
        for (Map.Entry<String, String> header : headers) {
            names.put(header.getKey(), header.getValue());
        }
        JsonObject frame = new JsonObject().put("type", dialect.deliveryType()).put("address", address);
        if (dialect.saysSend()) {
            frame.put("headers", names).put("body", body).put("send", send);
        } else {
            frame.put("body", body);
            if (!names.isEmpty()) {
                frame.put("headers", names);
            }
        }
        return frame;
    }

    /** The reply to a command; a long one comes later than short ones that were asked for after it. */
    void reply(String replyAddress, Message<?> reply) {
        long size = JsonSize.of(reply.body());
        if (size <= LongAnswers.LONG_BYTES) {
            outbox.addUrgent(answer(replyAddress, reply.headers(), reply.body()));
        } else {
            replyLater(replyAddress, json(replyAddress, reply.headers(), reply.body(), true), size);
        }
    }

    private void replyLater(String replyAddress, JsonObject frame, long size) {
        longs.begins();
        outbox.expect(size);
        longs.write(() -> encoder.whole(encoded(frame), longs::ends))
                .onSuccess(whole -> {
                    asked.accept(whole.weight());
                    outbox.came(size, whole);
                })
                .onFailure(cause -> {
                    LOG.debug("no answer at {}", replyAddress, cause);
                    longs.ends();
                    outbox.failed(size);
                    error(
                            new HubException(ErrorCode.UNAVAILABLE, "the answer could not be written"),
                            Optional.of(replyAddress),
                            Optional.empty());
                });
    }

    /** The reply to a command after which nothing may come that was sent before. */
    void replyInOrder(String replyAddress, Message<?> reply) {
        reply(replyAddress, reply.headers(), reply.body());
    }

    /** The same with another body than that of the reply. */
    void reply(String replyAddress, MultiMap headers, @Nullable Object body) {
        outbox.add(answer(replyAddress, headers, body));
    }

    private Outgoing answer(String replyAddress, MultiMap headers, @Nullable Object body) {
        Outgoing frame = frame(replyAddress, headers, body, true);
        asked.accept(frame.weight());
        return frame;
    }

    /**
     * @param replyAddress where the client waits for an answer, or, of a failed registration, the address
     * @param source the address that the client named
     */
    void error(HubException failure, Optional<String> replyAddress, Optional<String> source) {
        outbox.addUrgent(frame(failure, ReplyFailure.RECIPIENT_FAILURE, replyAddress, source));
    }

    /** The failure of a request at {@code source}. */
    void failed(Throwable failure, Optional<String> replyAddress, String source) {
        ReplyFailure type = failure instanceof ReplyException reply ? reply.failureType() : ReplyFailure.ERROR;
        outbox.addUrgent(frame(translated(failure, type, source), type, replyAddress, Optional.of(source)));
    }

    /** The last word before the connection is closed. */
    Outgoing fatal(HubException failure) {
        return frame(failure, ReplyFailure.RECIPIENT_FAILURE, Optional.empty(), Optional.empty());
    }

    private record Failure(int code, String message) {}

    private Outgoing frame(
            HubException failure, ReplyFailure type, Optional<String> replyAddress, Optional<String> source) {
        return frame(new Failure(failure.error().code(), failure.getMessage()), type, replyAddress, source);
    }

    private Outgoing frame(Failure failure, ReplyFailure type, Optional<String> replyAddress, Optional<String> source) {
        meters.told(failure.code(), failure.message());
        JsonObject frame = new JsonObject().put("type", "err");
        replyAddress.ifPresent(address -> frame.put("address", address));
        source.ifPresent(address -> frame.put("sourceAddress", address));
        frame.put("failureCode", failure.code()).put("failureType", type.name()).put("message", failure.message());
        return encoded(frame);
    }

    private static Failure translated(Throwable failure, ReplyFailure type, String source) {
        return switch (type) {
            case RECIPIENT_FAILURE ->
                new Failure(((ReplyException) failure).failureCode(), String.valueOf(failure.getMessage()));
            case NO_HANDLERS -> new Failure(ErrorCode.NOT_FOUND.code(), nobodyAt(source));
            case TIMEOUT -> new Failure(ErrorCode.UNAVAILABLE.code(), "no answer from " + source);
            case ERROR -> internal(failure, source);
        };
    }

    private static Failure internal(Throwable failure, String source) {
        LOG.error("a request to {} failed", source, failure);
        return new Failure(ErrorCode.INTERNAL.code(), INTERNAL);
    }

    private static String nobodyAt(String address) {
        return Addresses.isSession(address)
                ? "no such session " + Addresses.sessionIdOf(address)
                : "nobody answers at " + address;
    }

    private static Outgoing.Encoded encoded(JsonObject frame) {
        return new Outgoing.Encoded(frame.toBuffer());
    }
}
