package io.termbus.audit;

import io.termbus.guard.TokenBucket;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Writes lines that somebody can cause without end, and that change nothing: refusals, logins, who comes and goes. They must
 * not wash the others out of a log of bounded size, so of each cause so many are written at once, and then one a second,
 * which says how many of its kind there were. Nothing is left out without being counted. Any thread may call.
 */
public final class AuditPace {
    /** Lines of one cause at once: more than what people and their pages do. */
    public static final int BURST_LINES = 100;
    /** Between two lines beyond that, in milliseconds; lines of 300 bytes need days for 80 MiB then. */
    static final long LINE_MS = 1000;
    /** Causes that are remembered; the one that was quiet for longest is forgotten first. */
    static final int MAX_REMEMBERED = 10_000;

    private record Line(String event, JsonObject facts, String outcome, long times) {
        /** What counts together. */
        String kind() {
            return event + (outcome.equals(Audit.OK) ? " done" : " refused");
        }

        /** The newest stands for all. */
        Line and(Line newer) {
            return new Line(event, newer.facts, newer.outcome, times + newer.times);
        }

        void write() {
            Audit.record(event, times > 1 ? facts.put("times", times) : facts, outcome);
        }
    }

    /** Of one cause. */
    private static final class Account {
        private final TokenBucket lines;
        private final Map<String, Line> held = new LinkedHashMap<>();

        private Account(LongSupplier nanoTime) {
            lines = new TokenBucket(BURST_LINES, 1000.0 / LINE_MS, nanoTime);
        }
    }

    private final LongSupplier nanoTime;
    private final BiConsumer<Long, Runnable> timer;
    private final Map<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);
    private boolean over;

    /** Called on threads of a Vert.x, whose timers it uses. */
    public AuditPace() {
        this(System::nanoTime, (ms, task) -> Vertx.currentContext().owner().setTimer(ms, due -> task.run()));
    }

    /** @param timer runs a task after so many milliseconds, on any thread */
    AuditPace(LongSupplier nanoTime, BiConsumer<Long, Runnable> timer) {
        this.nanoTime = nanoTime;
        this.timer = timer;
    }

    /**
     * Writes a line, or counts it.
     *
     * @param cause whose lines have a limit together, such as a user
     * @param event as of {@link Audit#record}, and so on
     */
    public void record(String cause, String event, JsonObject facts, String outcome) {
        Audit.shorten(facts);
        taken(cause, new Line(event, facts, Audit.shortened(outcome), 1)).ifPresent(Line::write);
    }

    /** The hub ends, and its timers with it: what is held is written, and what comes now at once. */
    public void finish() {
        heldLines().forEach(Line::write);
    }

    private synchronized List<Line> heldLines() {
        over = true;
        List<Line> held = accounts.values().stream()
                .flatMap(each -> each.held.values().stream())
                .toList();
        accounts.clear();
        return held;
    }

    private synchronized Optional<Line> taken(String cause, Line line) {
        if (over) {
            return Optional.of(line);
        }
        Account account = accountOf(cause);
        if (account.held.isEmpty() && account.lines.room() >= 1) {
            account.lines.take(1);
            return Optional.of(line);
        }
        if (account.held.isEmpty()) {
            writeLater(account);
        }
        account.held.merge(line.kind(), line, Line::and);
        return Optional.empty();
    }

    private Account accountOf(String cause) {
        Account account = accounts.computeIfAbsent(cause, fresh -> new Account(nanoTime));
        if (accounts.size() > MAX_REMEMBERED) {
            Iterator<Account> quietest = accounts.values().iterator();
            Account gone = quietest.next();
            quietest.remove();
            gone.held.values().forEach(Line::write);
            gone.held.clear();
        }
        return account;
    }

    private void writeLater(Account account) {
        timer.accept(LINE_MS, () -> next(account).ifPresent(Line::write));
    }

    /** The kind that has waited for longest; empty: all has been written. */
    private synchronized Optional<Line> next(Account account) {
        if (over || account.held.isEmpty()) {
            return Optional.empty();
        }
        Iterator<Line> longest = account.held.values().iterator();
        Line line = longest.next();
        longest.remove();
        account.lines.take(1);
        if (!account.held.isEmpty()) {
            writeLater(account);
        }
        return Optional.of(line);
    }
}
