package io.termbus.bridge;

import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** What a connection has at sessions that ends with it: those it waits for, those it drives. On its event loop. */
final class Standing {
    /** Waits of a connection that are under way. */
    static final int MAX_WAITS = 16;
    /** Sessions that it has driven and not said that it does no more; of older ones the time is over soon. */
    static final int MAX_LEASES = 1000;

    /** By the addresses of the sessions. */
    private final Map<String, Integer> waits = new HashMap<>();

    private final Set<String> leases = new LinkedHashSet<>();
    private int waiting;

    /** @throws HubException where there are as many as may be */
    void checkRoom() {
        if (waiting >= MAX_WAITS) {
            throw HubException.limit("waits of a connection", waiting + " are under way already");
        }
    }

    /** One more; {@link #waitEnds} must follow. */
    void waitBegins(String address) {
        waiting++;
        waits.merge(address, 1, Integer::sum);
    }

    void waitEnds(String address) {
        waiting--;
        waits.computeIfPresent(address, (session, count) -> count == 1 ? null : count - 1);
    }

    void leased(String address) {
        leases.add(address);
        if (leases.size() > MAX_LEASES) {
            leases.remove(leases.iterator().next());
        }
    }

    void released(String address) {
        leases.remove(address);
    }

    /** @param sends gets the address of each session and what ends what there is */
    void end(BiConsumer<String, Operation> sends) {
        waits.keySet().forEach(address -> sends.accept(address, Operation.CANCEL));
        leases.forEach(address -> sends.accept(address, Operation.RELEASE));
        leases.clear();
    }
}
