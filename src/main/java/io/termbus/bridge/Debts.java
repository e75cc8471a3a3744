package io.termbus.bridge;

import io.termbus.guard.FairShare;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What those that have gone made the hub do and did not rest from: who comes back rests first, so that leaving saves
 * nobody anything. By who pays, see {@link Client#payer}. A debt is over when its time is. Any thread.
 */
public final class Debts {
    /** Payers that are remembered; the one that left longest ago is forgotten first. */
    static final int MAX_PAYERS = 10_000;

    /**
     * Work of one connection.
     *
     * @param messages it consists of
     * @param usual nanoseconds that so much usually takes
     * @param nanos that it took
     */
    record Work(int messages, long usual, long nanos) {}

    /**
     * @param until when the payer rests, in monotonic nanoseconds
     * @param began when the time began in which so many messages came
     */
    private record Debt(long until, long began, int messages) {}

    private final FairShare crowd;
    /** The one that left last is the last. */
    private final Map<String, Debt> debts = new LinkedHashMap<>();

    /** @param crowd says how long one rests from work */
    public Debts(FairShare crowd) {
        this.crowd = crowd;
    }

    /**
     * A connection has gone. Of a payer that says little what it took by the clock does not count, as in {@link ReadBudget}: a
     * thread may be kept from its processor for long.
     *
     * @param work that it did not rest from
     * @param now monotonic nanoseconds
     */
    synchronized void left(String payer, Work work, long now) {
        Debt old = debts.remove(payer);
        boolean goesOn = old != null && now - old.began() < ReadBudget.SHARE_NANOS;
        int messages = work.messages() + (goesOn ? old.messages() : 0);
        long counts = messages >= ReadBudget.MANY_MESSAGES ? Math.max(work.usual(), work.nanos()) : work.usual();
        long from = old == null ? now : Math.max(now, old.until());
        long until = Math.min(from + crowd.restOfNewcomer(counts), now + FairShare.MOST_REST_NANOS);
        forgetOld(now);
        debts.put(payer, new Debt(until, goesOn ? old.began() : now, messages));
    }

    private void forgetOld(long now) {
        Iterator<Debt> oldest = debts.values().iterator();
        while (oldest.hasNext()) {
            Debt debt = oldest.next();
            boolean isOver = now >= debt.until() && now - debt.began() >= ReadBudget.SHARE_NANOS;
            if (!isOver && debts.size() < MAX_PAYERS) {
                return;
            }
            oldest.remove();
        }
    }

    /** How long a connection of that payer rests before it begins, in nanoseconds; 0: not at all. */
    synchronized long of(String payer, long now) {
        Debt debt = debts.get(payer);
        return debt == null ? 0 : Math.max(0, debt.until() - now);
    }

    synchronized int size() {
        return debts.size();
    }
}
