package io.termbus.session;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who drives a session: while somebody does, others do not type into it, but for an interrupt. It ends by itself, so that
 * nobody is locked out by one who has gone. On the session's event loop.
 */
final class Lease {
    static final int MIN_TTL_MS = 1000;
    static final int MAX_TTL_MS = 60_000;
    private static final int DEFAULT_TTL_MS = 15_000;
    static final int MAX_NOTE_CHARS = 200;
    private static final int MAX_ID_CHARS = 100;

    /**
     * Who asks.
     *
     * @param connection empty: none, it is within the JVM
     * @param lease which one they say that they hold
     */
    record Driver(String connection, String user, Optional<String> lease) {
        static Driver of(Fields fields, String connection, String user) {
            return new Driver(connection, user, fields.text("lease", MAX_ID_CHARS));
        }
    }

    /** One who drives. */
    private record Held(String id, Driver driver, Optional<String> note, long untilNanos, Instant until) {
        boolean isOf(Driver other) {
            return other.lease().isPresent()
                    ? other.lease().get().equals(id)
                    : !other.connection().isEmpty() && other.connection().equals(driver.connection());
        }

        JsonObject told() {
            JsonObject told = new JsonObject()
                    .put("holder", driver.user())
                    .put("connection", driver.connection())
                    .put("expiresAt", until.toString());
            note.ifPresent(text -> told.put("note", text));
            return told;
        }
    }

    private final LongSupplier nanoTime;
    private @Nullable Held held;
    /** Whose the last input was, and when it came. */
    private @Nullable String typist;

    private long typedAt;

    /**
     * What came of asking for it.
     *
     * @param begun it did not hold before
     * @param lost whom it was taken from
     */
    record Taken(JsonObject answer, boolean begun, Optional<JsonObject> lost) {}

    Lease(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private Optional<Held> now() {
        Held one = held;
        return one == null || one.untilNanos() - nanoTime.getAsLong() <= 0 ? Optional.empty() : Optional.of(one);
    }

    /** As clients see it; empty: nobody drives. */
    Optional<JsonObject> told() {
        return now().map(Held::told);
    }

    /** The same with how long it holds, so that no clock is needed: not for what is compared. */
    Optional<JsonObject> toldWithTime() {
        return told().map(one -> one.put("leftMs", leftMs()));
    }

    /** The same with what its holder shows, for {@link #restore}. */
    Optional<JsonObject> kept() {
        return now().map(one -> one.told().put("id", one.id()));
    }

    /** Goes on with one that was kept, for as long as it has left. */
    void restore(JsonObject kept) {
        Instant until = Instant.parse(kept.getString("expiresAt"));
        long leftMs = Math.min(MAX_TTL_MS, Instant.now().until(until, ChronoUnit.MILLIS));
        held = new Held(
                kept.getString("id"),
                new Driver(kept.getString("connection"), kept.getString("holder"), Optional.empty()),
                Optional.ofNullable(kept.getString("note")),
                nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(leftMs),
                until);
    }

    /** For how long it holds, in milliseconds; 0: nobody drives. */
    long leftMs() {
        return now().map(one -> TimeUnit.NANOSECONDS.toMillis(one.untilNanos() - nanoTime.getAsLong() + 999_999))
                .orElse(0L);
    }

    /** @throws HubException where somebody else drives, or nobody does, though the driver says that it does */
    void check(Driver driver) {
        if (driver.lease().isPresent() && now().isEmpty()) {
            throw over(driver.lease().get());
        }
        now().filter(one -> !one.isOf(driver)).ifPresent(one -> {
            throw refusal(one);
        });
    }

    /** The same for input, which an interrupt is not refused for. */
    void checkInput(Driver driver, byte[] input) {
        if (!Interrupts.onlyEnd(input)) {
            check(driver);
        }
    }

    /** Somebody has typed. */
    void typed(String connection) {
        typist = connection;
        typedAt = nanoTime.getAsLong();
    }

    private static HubException over(String lease) {
        return new HubException(ErrorCode.CONFLICT, "this lease holds no more: " + lease);
    }

    private HubException refusal(Held one) {
        String note = one.note().map(text -> " (" + text + ")").orElse("");
        return new HubException(
                ErrorCode.LOCKED,
                one.driver().user() + note + " drives this session until " + one.until() + ", for " + leftMs()
                        + " ms (lease)");
    }

    /**
     * Begins it, or goes on with it: with the connection that asks, so that it does not end with one before.
     *
     * @throws HubException where somebody else drives and it is not to be taken, or somebody types
     */
    Taken take(Driver driver, Fields fields) {
        int ttlMs = fields.intOr("ttlMs", MIN_TTL_MS, MAX_TTL_MS, DEFAULT_TTL_MS);
        Optional<String> note = fields.text("note", MAX_NOTE_CHARS);
        long yieldMs = fields.intOr("yieldMs", 0, MAX_TTL_MS, 0);
        boolean takes = fields.flagOr("take", false);
        Optional<Held> before = now();
        boolean own = before.filter(one -> one.isOf(driver)).isPresent();
        if (!own && !takes) {
            check(driver);
        }
        if (driver.lease().isPresent() && !own) {
            throw over(driver.lease().get());
        }
        if (!own) {
            mayNotType(driver, yieldMs); // while it holds nobody else types
        }
        Held taken = new Held(
                own ? before.orElseThrow().id() : Ids.next(),
                own && driver.connection().isEmpty() ? before.orElseThrow().driver() : driver,
                note.or(() -> before.filter(one -> own).flatMap(Held::note)),
                nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(ttlMs),
                Instant.now().plusMillis(ttlMs));
        held = taken;
        JsonObject answer = new JsonObject()
                .put("lease", taken.id())
                .put("connection", taken.driver().connection())
                .put("ttlMs", ttlMs)
                .put("expiresAt", taken.until().toString());
        return new Taken(answer, !own, before.filter(one -> !own).map(Held::told));
    }

    private void mayNotType(Driver driver, long yieldMs) {
        if (typist != null
                && !typist.equals(driver.connection())
                && nanoTime.getAsLong() - typedAt < TimeUnit.MILLISECONDS.toNanos(yieldMs)) {
            throw new HubException(ErrorCode.LOCKED, "typing: somebody typed within " + yieldMs + " ms (yieldMs)");
        }
    }

    /** Ends it; empty where it was not theirs. */
    Optional<JsonObject> release(Driver driver) {
        Optional<JsonObject> own = now().filter(one -> one.isOf(driver)).map(Held::told);
        if (own.isPresent()) {
            held = null;
        }
        return own;
    }

    /** Forgets the one whose time is over; empty: there is none. */
    Optional<JsonObject> expire() {
        Optional<JsonObject> over =
                Optional.ofNullable(now().isEmpty() ? held : null).map(Held::told);
        if (over.isPresent()) {
            held = null;
        }
        return over;
    }
}
