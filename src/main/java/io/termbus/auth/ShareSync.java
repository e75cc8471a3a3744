package io.termbus.auth;

import io.termbus.protocol.Nodes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the shares of all nodes the same. A change is told to every node at once. Beside that each node compares a fingerprint
 * of all that it knows with a few others at random, now and then and when nodes come: where theirs differs, they exchange
 * all. So what got lost on the way is made good at a cost that does not depend on how many nodes there are. What was
 * revoked wins, so the order does not matter. On the event loop of {@link SharesVerticle}.
 */
final class ShareSync {
    private static final Logger LOG = LoggerFactory.getLogger(ShareSync.class);
    static final Duration COMPARE_EVERY = Duration.ofSeconds(10);
    /** With how many others, each time. */
    private static final int COMPARED = 2;
    /** Of all nodes together so many compare with one that has come, or come back. */
    private static final int COMPARED_WITH_NEW = 8;
    /** After a node has come: it may take a moment until it listens. */
    private static final List<Long> AGAIN_MILLIS = List.of(500L, 3_000L);
    /** Beyond it, whether a share holds depends on the node that is asked. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(60);

    private static final String FROM = "from";
    private static final String NOW = "now";
    private static final String STATE = "state";
    private static final String FINGERPRINT = "print";
    /** The sender wants to know what the other knows. */
    private static final String WANT = "want";

    /** Port to other nodes, to those here who want to know, and to time. */
    interface Wire {
        /** Sends and forgets. */
        void send(String other, JsonObject message);

        void after(long millis, Runnable task);

        /** A share that held here holds no more. */
        void ended(String share);
    }

    private final Wire wire;
    private final Nodes nodes;
    private final Shares shares;
    private final Duration compareEvery;
    private final Random random;
    private final InstantSource clock;
    private final Runnable changed;
    private long warnedAt = Long.MIN_VALUE;
    /** The last node whose clock differed. */
    private String differing = "";

    /**
     * @param compareEvery {@link #COMPARE_EVERY}
     * @param changed called when another node knew something new
     */
    ShareSync(
            Wire wire,
            Nodes nodes,
            Shares shares,
            Duration compareEvery,
            Random random,
            InstantSource clock,
            Runnable changed) {
        this.wire = wire;
        this.nodes = nodes;
        this.shares = shares;
        this.compareEvery = compareEvery;
        this.random = random;
        this.clock = clock;
        this.changed = changed;
    }

    /** From now on this node compares; then by itself. */
    void begin() {
        wire.after(compareEvery.toMillis(), this::begin);
        forgetClockOfWhoLeft();
        compareWithSome();
    }

    /** These have changed here. */
    void tell(JsonArray entries) {
        JsonObject news = message().put(STATE, entries);
        nodes.others().forEach(other -> send(other, news));
    }

    private JsonObject message() {
        return new JsonObject().put(FROM, nodes.self()).put(NOW, clock.instant().toString());
    }

    private void send(String other, JsonObject message) {
        wire.send(other, message);
    }

    /** A node has come, or is back. */
    void joined(String other) {
        if (random.nextInt(Math.max(1, nodes.others().size())) < COMPARED_WITH_NEW) {
            AGAIN_MILLIS.forEach(millis -> wire.after(millis, () -> compareWith(other)));
        }
    }

    private void compareWithSome() {
        List<String> others = new ArrayList<>(nodes.others());
        Collections.shuffle(others, random);
        others.stream().limit(COMPARED).forEach(this::compareWith);
    }

    private void compareWith(String other) {
        send(other, message().put(FINGERPRINT, fingerprint()));
    }

    /** The same for the same shares and revocations in any order. */
    private int fingerprint() {
        return shares.state().stream()
                .mapToInt(entry -> ((JsonObject) entry).encode().hashCode())
                .sum();
    }

    /** Another node says something. */
    void heard(JsonObject body) {
        String from = body.getString(FROM);
        compareClocks(from, Instant.parse(body.getString(NOW)));
        if (body.containsKey(STATE)) {
            merge(body.getJsonArray(STATE));
        }
        Integer fingerprint = body.getInteger(FINGERPRINT);
        if (fingerprint != null && fingerprint != fingerprint()) {
            send(from, message().put(STATE, shares.state()).put(WANT, true));
        } else if (body.getBoolean(WANT, false)) {
            send(from, message().put(STATE, shares.state()));
        }
    }

    /** Whether a share holds is told by the clock of the node that is asked. */
    private void compareClocks(String from, Instant theirs) {
        Duration ahead = Duration.between(clock.instant(), theirs);
        if (ahead.abs().compareTo(CLOCKS_DIFFER) <= 0) {
            if (from.equals(differing)) {
                shares.clockDiffers(Optional.empty());
            }
            return;
        }
        differing = from;
        String remark = "the clock of " + from + " is " + ahead.abs().toSeconds() + " s "
                + (ahead.isNegative() ? "behind" : "ahead of") + " this node's";
        shares.clockDiffers(Optional.of(remark));
        long now = System.nanoTime();
        if (warnedAt == Long.MIN_VALUE || now - warnedAt >= CLOCKS_DIFFER.toNanos()) {
            warnedAt = now;
            LOG.warn("{}: a share may hold at one of them and be refused as expired at the other", remark);
        }
    }

    private void forgetClockOfWhoLeft() {
        if (!differing.isEmpty() && !nodes.names().contains(differing)) {
            differing = "";
            shares.clockDiffers(Optional.empty());
        }
    }

    private void merge(JsonArray entries) {
        JsonArray before = shares.state();
        for (String ended : shares.merge(entries)) {
            wire.ended(ended);
        }
        if (!before.equals(shares.state())) {
            changed.run();
        }
    }
}
