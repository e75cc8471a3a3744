package io.termbus.record;

import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Questions that are answered elsewhere, one after the other: so many wait, and so many of a user. On one event loop. */
final class Questions {
    /** Of all users together. */
    static final int MAX_WAITING = 64;

    private final Worker worker;
    private final int maxOfUser;
    private final Map<String, Integer> byUser = new HashMap<>();
    private int waiting;

    /** Does what blocks, in order; completes on the event loop. */
    @FunctionalInterface
    interface Worker {
        Future<JsonObject> work(Callable<JsonObject> answer);
    }

    /** @param maxOfUser that wait or are being answered, at least 1 */
    Questions(Worker worker, int maxOfUser) {
        this.worker = worker;
        this.maxOfUser = maxOfUser;
    }

    /**
     * Has it answered.
     *
     * @param user who asks; null: the hub itself, or the program that it is part of
     * @throws HubException where too many wait
     */
    Future<JsonObject> ask(@Nullable String user, Callable<JsonObject> answer) {
        int own = user == null ? 0 : byUser.getOrDefault(user, 0);
        if (waiting >= MAX_WAITING || own >= maxOfUser) {
            throw HubException.limit(
                    "questions about recordings",
                    own >= maxOfUser ? own + " of " + user + " wait already" : waiting + " wait already");
        }
        counts(user, 1);
        return worker.work(answer).onComplete(done -> counts(user, -1));
    }

    private void counts(@Nullable String user, int more) {
        waiting += more;
        if (user != null) {
            byUser.merge(user, more, (before, change) -> before + change == 0 ? null : before + change);
        }
    }
}
