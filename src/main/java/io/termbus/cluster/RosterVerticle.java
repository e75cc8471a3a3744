package io.termbus.cluster;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Ids;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the nodes that the {@link Roster} wants asked, answers those that ask, and tells one other node at a time whom it
 * knows, where the two differ: what it costs a node does not depend on how many there are. On its own event loop.
 */
final class RosterVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(RosterVerticle.class);
    static final long TICK_MILLIS = 500;
    /** Every so many ticks a member is asked whether it knows the same members: every 5 s. */
    private static final int COMPARE_TICKS = 10;

    private static final int CONNECT_MILLIS = 1_000;
    /** Of one message; in a cluster of more some are told each time. */
    private static final int MAX_TOLD = 200;

    private static final String KIND = "kind";
    private static final String PEER = "peer";
    private static final String KNOWN = "known";
    private static final String PRINT = "print";

    /** A membership that is being made anew for so long is not well: {@code /healthz} says so. */
    private static final Duration UNWELL = Duration.ofSeconds(60);

    private final Roster roster;
    private final Supplier<Membership.State> membership;
    private final Runnable mend;
    private final Random random;
    private @Nullable NetClient client;
    private int ticks;
    private long joinedAt = System.nanoTime();

    /** @param mend looks after the membership, without blocking */
    RosterVerticle(Roster roster, Supplier<Membership.State> membership, Runnable mend, Random random) {
        this.roster = roster;
        this.membership = membership;
        this.mend = mend;
        this.random = random;
    }

    @Override
    public Future<?> start() {
        client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS));
        vertx.setPeriodic(TICK_MILLIS, timer -> tick());
        String own = Ids.shortForm(roster.self().name());
        return Future.all(
                vertx.eventBus()
                        .consumer(Addresses.nodePing(own), message -> message.reply(""))
                        .completion(),
                vertx.eventBus()
                        .localConsumer(Addresses.HEALTH, message -> message.reply(health()))
                        .completion(),
                vertx.eventBus()
                        .<JsonObject>consumer(Addresses.nodeRoster(own), this::heard)
                        .completion());
    }

    private JsonObject health() {
        boolean joined = membership.get() == Membership.State.JOINED;
        return new JsonObject()
                .put("well", joined || System.nanoTime() - joinedAt < UNWELL.toNanos())
                .put("membership", joined ? "joined" : "rejoining")
                .put("members", roster.names())
                .put("lost", roster.lostNames());
    }

    private void tick() {
        if (membership.get() == Membership.State.JOINED) {
            joinedAt = System.nanoTime();
        }
        mend.run();
        for (Peer peer : roster.toAsk()) {
            knock(peer);
        }
        if (++ticks % COMPARE_TICKS == 0) {
            List<Peer> others = List.copyOf(roster.others());
            if (!others.isEmpty()) {
                tell(others.get(random.nextInt(others.size())), "compare");
            }
        }
    }

    /** Where nothing listens any more a machine that lives says so at once; where something does it is asked. */
    private void knock(Peer peer) {
        Objects.requireNonNull(client)
                .connect(peer.port(), peer.host())
                .onSuccess(socket -> {
                    tell(peer, "ask");
                    socket.close().onFailure(cause -> LOG.debug("not closed", cause));
                })
                .onFailure(cause -> {
                    if (isRefusal(cause)) {
                        roster.refused(peer.name());
                    }
                });
    }

    private static boolean isRefusal(Throwable cause) {
        return cause instanceof ConnectException
                && String.valueOf(cause.getMessage()).contains("refused");
    }

    private void tell(Peer peer, String kind) {
        JsonObject message = new JsonObject()
                .put(KIND, kind)
                .put(PEER, roster.self().toJson())
                .put(PRINT, print());
        if (kind.equals("answer")) {
            message.put(KNOWN, known());
        }
        vertx.eventBus().send(Addresses.nodeRoster(peer.shortForm()), message);
    }

    /** The same for the same members. */
    private int print() {
        return roster.names().stream().mapToInt(String::hashCode).sum();
    }

    private JsonArray known() {
        JsonArray some = new JsonArray();
        List<Peer> others = new ArrayList<>(roster.others());
        int from = others.isEmpty() ? 0 : random.nextInt(others.size());
        for (int i = 0; i < Math.min(MAX_TOLD, others.size()); i++) {
            some.add(others.get((from + i) % others.size()).toJson());
        }
        return some;
    }

    private void heard(Message<JsonObject> message) {
        JsonObject body = message.body();
        Optional<Peer> sender = Peer.of(body.getJsonObject(PEER, new JsonObject()));
        if (sender.isEmpty() || !sender.get().tokenPrint().equals(roster.self().tokenPrint())) {
            return;
        }
        roster.heard(sender.get());
        List<Peer> told = new ArrayList<>();
        for (Object each : body.getJsonArray(KNOWN, new JsonArray())) {
            Peer.of((JsonObject) each).ifPresent(told::add);
        }
        roster.rumoured(told);
        String kind = body.getString(KIND, "");
        boolean differs = !Integer.valueOf(print()).equals(body.getInteger(PRINT));
        if (kind.equals("ask") || kind.equals("compare") && differs) {
            tell(sender.get(), "answer");
        }
    }
}
