package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjLongConsumer;

/**
 * Limits how long subscribers that never skip hold the terminal of one session back: {@code flow.holdSeconds} for each user,
 * by all of its subscribers together, also those that attach anew. On the event loop of the owning instance.
 */
final class HoldLimit {
    private final long limitNanos;
    private final Outlet outlet;
    private final Runnable lookAgain;
    private final ObjLongConsumer<Subscriber> tooLong;
    private final Map<String, HeldTime> users = new HashMap<>();
    private final Alarm alarm;

    /**
     * @param lookAgain calls {@link #look} with what is so then
     * @param tooLong told who has held for too long, and for how many nanoseconds
     */
    HoldLimit(FlowConfig limits, Outlet outlet, Runnable lookAgain, ObjLongConsumer<Subscriber> tooLong) {
        this.limitNanos = limits.hold().toNanos();
        this.outlet = outlet;
        this.lookAgain = lookAgain;
        this.alarm = new Alarm(outlet);
        this.tooLong = tooLong;
    }

    /** Nobody holds, nor has of late. */
    boolean isIdle() {
        return users.isEmpty();
    }

    /** @param holding those that hold at the moment, and may not for ever */
    void look(Collection<Subscriber> holding) {
        if (limitNanos == 0) {
            return;
        }
        long now = outlet.nanoTime();
        Map<String, List<Subscriber>> byUser = new LinkedHashMap<>();
        for (Subscriber each : holding) {
            String user = each.attachment().watcher().user();
            byUser.computeIfAbsent(user, first -> new ArrayList<>()).add(each);
            users.computeIfAbsent(user, first -> new HeldTime(now));
        }
        users.forEach((user, held) -> held.look(byUser.containsKey(user), now));
        users.values().removeIf(HeldTime::isOver);
        byUser.forEach((user, subscribers) -> {
            long held = held(user);
            if (held >= limitNanos) {
                subscribers.forEach(each -> tooLong.accept(each, held));
            }
        });
        watch(byUser.keySet());
    }

    private long held(String user) {
        return Optional.ofNullable(users.get(user)).map(HeldTime::nanos).orElse(0L);
    }

    /** The one timer fires when the first of them has held for too long, if it goes on. */
    private void watch(Collection<String> holding) {
        holding.stream()
                .mapToLong(user -> limitNanos - held(user))
                .filter(left -> left > 0)
                .min()
                .ifPresent(left -> alarm.set(outlet.nanoTime() + left, lookAgain));
    }
}
