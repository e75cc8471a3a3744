package io.termbus.cluster;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Ids;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what the {@link RosterTalk} says to other nodes and hears from them over the bus. On its own event loop. */
final class RosterVerticle extends VerticleBase implements RosterTalk.Wire {
    private static final Logger LOG = LoggerFactory.getLogger(RosterVerticle.class);
    static final long TICK_MILLIS = 500;
    private static final int CONNECT_MILLIS = 1_000;
    /** A membership that is being made anew for so long is not well: {@code /healthz} says so. */
    private static final Duration UNWELL = Duration.ofSeconds(60);

    /** Who is left over keeps new clients away for so long: by then it is more likely that the others are gone for good. */
    private static final Duration ALONE = Duration.ofSeconds(120);

    private final Roster roster;
    private final Supplier<Membership.State> membership;
    private final Runnable mend;
    private final RosterTalk talk;
    private @Nullable NetClient client;
    private long joinedAt = System.nanoTime();
    private long togetherAt = System.nanoTime();

    /** @param mend looks after the membership, without blocking */
    RosterVerticle(Roster roster, Supplier<Membership.State> membership, Runnable mend, Random random) {
        this.roster = roster;
        this.membership = membership;
        this.mend = mend;
        this.talk = new RosterTalk(roster, random, this);
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
                        .<JsonObject>consumer(Addresses.nodeRoster(own), message -> talk.heard(message.body()))
                        .completion());
    }

    private JsonObject health() {
        boolean joined = membership.get() == Membership.State.JOINED;
        return new JsonObject()
                .put("well", joined || System.nanoTime() - joinedAt < UNWELL.toNanos())
                .put("membership", joined ? "joined" : "rejoining")
                .put("alone", isLeftOver() && System.nanoTime() - togetherAt < ALONE.toNanos())
                .put("members", roster.names())
                .put("lost", roster.lostNames());
    }

    /** It reaches none of at least two others. Of two nodes neither is the wrong one. */
    private boolean isLeftOver() {
        return roster.names().size() == 1 && roster.lostNames().size() > 1;
    }

    private void tick() {
        if (!isLeftOver()) {
            togetherAt = System.nanoTime();
        }
        if (membership.get() == Membership.State.JOINED) {
            joinedAt = System.nanoTime();
        }
        mend.run();
        talk.tick();
    }

    /** Where nothing listens any more a machine that lives says so at once; where something does it is asked. */
    @Override
    public void knock(Peer peer) {
        Objects.requireNonNull(client)
                .connect(peer.port(), peer.host())
                .onSuccess(socket -> {
                    talk.open(peer);
                    socket.close().onFailure(cause -> LOG.debug("not closed", cause));
                })
                .onFailure(cause -> {
                    if (isRefusal(cause)) {
                        roster.refused(peer.name());
                    }
                });
    }

    @Override
    public void tell(Peer peer, JsonObject message) {
        vertx.eventBus().send(Addresses.nodeRoster(peer.shortForm()), message);
    }

    private static boolean isRefusal(Throwable cause) {
        return cause instanceof ConnectException
                && String.valueOf(cause.getMessage()).contains("refused");
    }
}
