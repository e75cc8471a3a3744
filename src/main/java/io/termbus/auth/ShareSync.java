package io.termbus.auth;

import io.termbus.protocol.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * Keeps the shares of all nodes the same: each change is published at once, and all that is known whenever a node comes,
 * or comes back. A print of it is published now and then: where another node's differs, a message got lost, and all is
 * told again. What was revoked wins, so the order does not matter. On the event loop of {@link SharesVerticle}.
 */
final class ShareSync {
    /** After a node has come: a merged cluster takes a moment until its nodes hear each other. */
    private static final List<Long> AGAIN_MILLIS = List.of(500L, 3_000L, 15_000L);

    static final Duration PRINT_EVERY = Duration.ofSeconds(30);

    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);
    private static final String TOPIC = Addresses.betweenNodes("termbus.shares");
    private static final String STATE = "state";
    private static final String PRINT = "print";
    /** The sender has just started and wants to know what the others know. */
    private static final String WANT = "want";

    private final Vertx vertx;
    private final Shares shares;
    private final Duration printEvery;
    private final Runnable changed;

    /**
     * @param printEvery how often a print of what is known here is published, {@link #PRINT_EVERY}
     * @param changed called when another node knew something new
     */
    ShareSync(Vertx vertx, Shares shares, Duration printEvery, Runnable changed) {
        this.vertx = vertx;
        this.shares = shares;
        this.printEvery = printEvery;
        this.changed = changed;
    }

    Future<?> start() {
        EventBus bus = vertx.eventBus();
        return Future.all(
                        bus.<JsonObject>consumer(TOPIC, this::heard).completion(),
                        bus.localConsumer(Addresses.NODE_JOINED, message -> tellAFewTimes())
                                .completion())
                .onSuccess(listening -> {
                    publish(true);
                    vertx.setPeriodic(printEvery.toMillis(), timer -> publishPrint());
                });
    }

    /** Something has changed here. */
    void tell() {
        publish(false);
    }

    private void tellAFewTimes() {
        AGAIN_MILLIS.forEach(millis -> vertx.setTimer(millis, timer -> {
            if (!shares.state().isEmpty()) {
                tell();
            }
        }));
    }

    private void publish(boolean want) {
        vertx.eventBus()
                .publish(TOPIC, new JsonObject().put(STATE, shares.state()).put(WANT, want));
    }

    private void publishPrint() {
        vertx.eventBus().publish(TOPIC, new JsonObject().put(PRINT, print()));
    }

    /** The same for the same shares and revocations in any order. */
    private int print() {
        return shares.state().stream()
                .mapToInt(entry -> ((JsonObject) entry).encode().hashCode())
                .sum();
    }

    private void heard(Message<JsonObject> message) {
        Integer others = message.body().getInteger(PRINT);
        if (others == null) {
            merge(message);
        } else if (others != print()) {
            publish(true);
        }
    }

    private void merge(Message<JsonObject> message) {
        JsonArray before = shares.state();
        for (String ended : shares.merge(message.body().getJsonArray(STATE))) {
            vertx.eventBus().publish(Addresses.SHARE_ENDED, ended, LOCAL);
        }
        if (!before.equals(shares.state())) {
            changed.run();
        }
        if (message.body().getBoolean(WANT) && !before.isEmpty()) {
            tell();
        }
    }
}
