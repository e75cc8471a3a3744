package io.termbus.bridge.web;

import java.util.HashMap;
import java.util.Map;

/** How many requests of each payer are under way. Any thread. */
final class PayerSlots {
    private final int max;
    private final Map<String, Integer> taken = new HashMap<>();

    /** @param max of one payer */
    PayerSlots(int max) {
        this.max = max;
    }

    /** Takes a slot: each true must be followed by one {@link #release}. False where the payer has all that it may have. */
    synchronized boolean tryTake(String payer) {
        int now = taken.getOrDefault(payer, 0);
        if (now >= max) {
            return false;
        }
        taken.put(payer, now + 1);
        return true;
    }

    synchronized void release(String payer) {
        taken.computeIfPresent(payer, (same, count) -> count > 1 ? count - 1 : null);
    }
}
