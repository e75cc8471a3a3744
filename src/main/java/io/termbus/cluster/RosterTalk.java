package io.termbus.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What nodes say to each other about who is there. Asks those that the {@link Roster} wants asked, and tells one other
 * node at a time whom it knows, where the two differ: what it costs a node does not depend on how many there are. On one
 * thread.
 */
final class RosterTalk {
    /** Every so many ticks a member is asked whether it knows the same members: every 5 s. */
    private static final int COMPARE_TICKS = 10;
    /** Of one message; in a cluster of more some are told each time. */
    private static final int MAX_TOLD = 200;

    private static final String KIND = "kind";
    private static final String PEER = "peer";
    private static final String KNOWN = "known";
    private static final String FINGERPRINT = "print";

    /** Port to other nodes. */
    interface Wire {
        /** Sends and forgets. */
        void tell(Peer peer, JsonObject message);

        /** Calls {@link #open} where something listens at the node, {@link Roster#refused} where nothing does. */
        void knock(Peer peer);
    }

    private final Roster roster;
    private final Random random;
    private final Wire wire;
    private int ticks;

    RosterTalk(Roster roster, Random random, Wire wire) {
        this.roster = roster;
        this.random = random;
        this.wire = wire;
    }

    /** To be called every {@link RosterVerticle#TICK_MILLIS}. */
    void tick() {
        roster.toAsk().forEach(wire::knock);
        if (++ticks % COMPARE_TICKS == 0) {
            List<Peer> others = List.copyOf(roster.others());
            if (!others.isEmpty()) {
                tell(others.get(random.nextInt(others.size())), "compare");
            }
        }
    }

    /** Something listens where the peer was knocked for. */
    void open(Peer peer) {
        tell(peer, "ask");
    }

    private void tell(Peer peer, String kind) {
        wire.tell(peer, message(kind));
    }

    private JsonObject message(String kind) {
        return new JsonObject()
                .put(KIND, kind)
                .put(PEER, roster.self().toJson())
                .put(FINGERPRINT, roster.fingerprint());
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

    /** Another node says something. */
    void heard(JsonObject body) {
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
        boolean differs = !Integer.valueOf(roster.fingerprint()).equals(body.getInteger(FINGERPRINT));
        if (kind.equals("ask") || kind.equals("compare") && differs) {
            JsonObject answer = message("answer");
            wire.tell(sender.get(), differs ? answer.put(KNOWN, known()) : answer);
        }
    }
}
