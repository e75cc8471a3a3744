package io.termbus.bridge;

import io.termbus.bridge.ClientMessage.Command;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.Operation;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A snapshot that its client gets piece by piece, asking for each: so over a slow link what else there is to say never
 * stands behind more than one of them. Keeps the rest of one snapshot for its connection, on whose event loop it is.
 */
final class SnapshotPieces {
    /** The smallest piece, in UTF-16 units. */
    static final int LEAST_CHARS = 256;
    /** The largest one. */
    static final int MOST_CHARS = 65_536;
    /** A rest that nobody asks for is dropped. */
    static final long KEPT_MS = 60_000;

    private static final int MAX_ID_CHARS = 100;
    private static final String PIECE = "piece";
    private static final String NEXT = "next";

    /** What is still to be fetched of the snapshot of a session. */
    private record Rest(String session, String id, String data, int from, long timer) {}

    private final Vertx vertx;
    private final Answers answers;
    private final LongConsumer keeps;
    private Optional<Rest> rest = Optional.empty();
    /** The connection has left: an answer that comes yet is for nobody. */
    private boolean over;

    /** @param keeps hears of how many bytes are kept, whenever that changes */
    SnapshotPieces(Vertx vertx, Answers answers, LongConsumer keeps) {
        this.vertx = vertx;
        this.answers = answers;
        this.keeps = keeps;
    }

    /** Whether the command asks for a snapshot in pieces. */
    static boolean asksFor(Command command, Operation operation) {
        return operation == Operation.SNAPSHOT
                && command.replyAddress().isPresent()
                && command.body() instanceof JsonObject body
                && (body.containsKey(PIECE) || body.containsKey(NEXT));
    }

    /**
     * Answers by the first piece or the next one.
     *
     * @param session its address
     */
    void dispatch(Command command, String session, boolean local, Commands commands) {
        Fields fields = Fields.of(command.body());
        int chars = fields.intOr(PIECE, LEAST_CHARS, MOST_CHARS, MOST_CHARS);
        String replyAddress = command.replyAddress().orElseThrow();
        Optional<String> next = fields.text(NEXT, MAX_ID_CHARS);
        if (next.isPresent()) {
            Rest wanted = rest.filter(
                            it -> it.session().equals(session) && it.id().equals(next.get()))
                    .orElseThrow(() -> HubException.notFound("no such rest of a snapshot: " + next.get()));
            answer(wanted.session(), wanted.data(), wanted.from(), chars, new JsonObject(), replyAddress);
            return;
        }
        JsonObject body = Objects.requireNonNull((JsonObject) command.body());
        body.remove(PIECE);
        commands.request(command, Operation.SNAPSHOT, session, local)
                .onSuccess(reply -> begin(session, chars, reply, replyAddress))
                .onFailure(failure -> answers.failed(failure, command.replyAddress(), command.address()));
    }

    private void begin(String session, int chars, Message<Object> reply, String replyAddress) {
        if (over) {
            return;
        }
        JsonObject told = (JsonObject) reply.body();
        String data = told.getString("data");
        answer(session, data, 0, chars, told.put("chars", data.length()), replyAddress);
    }

    private void answer(String session, String data, int from, int chars, JsonObject told, String replyAddress) {
        int to = end(data, from, chars);
        forget();
        told.put("data", data.substring(from, to));
        if (to < data.length()) {
            String id = Ids.next();
            long timer = vertx.setTimer(KEPT_MS, late -> forget());
            rest = Optional.of(new Rest(session, id, data, to, timer));
            keeps.accept(2L * data.length());
            told.put(NEXT, id);
        }
        answers.urgent(replyAddress, MultiMap.caseInsensitiveMultiMap(), told);
    }

    /** Surrogates are not parted. */
    private static int end(String data, int from, int chars) {
        int end = Math.min(data.length(), from + chars);
        return end < data.length() && Character.isHighSurrogate(data.charAt(end - 1)) ? end - 1 : end;
    }

    /** Nothing is kept, now or later. Idempotent. */
    void close() {
        over = true;
        forget();
    }

    private void forget() {
        rest.ifPresent(dropped -> {
            vertx.cancelTimer(dropped.timer());
            keeps.accept(0);
        });
        rest = Optional.empty();
    }
}
