package io.termbus.bridge.web;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The sessions of SockJS that poll or stream, by id, of all event loops. Any thread may call. */
final class PollingSessions {
    /** Ended ones that are kept, so that their clients are told to go away. Others are forgotten at once. */
    static final int MAX_ENDED = 1000;

    private final Map<String, PollingConnection> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger ended = new AtomicInteger();

    Optional<PollingConnection> get(String id) {
        return Optional.ofNullable(sessions.get(id));
    }

    /** @param absent makes the session, and does nothing else */
    PollingConnection getOrAdd(String id, Supplier<PollingConnection> absent) {
        return sessions.computeIfAbsent(id, none -> absent.get());
    }

    void remove(String id, PollingConnection session) {
        sessions.remove(id, session);
    }

    /** The hub has ended it. Where true, {@link #forgetEnded} must follow. */
    boolean mayKeepEnded() {
        if (ended.incrementAndGet() <= MAX_ENDED) {
            return true;
        }
        ended.decrementAndGet();
        return false;
    }

    void forgetEnded(String id, PollingConnection session) {
        ended.decrementAndGet();
        remove(id, session);
    }

    int size() {
        return sessions.size();
    }
}
