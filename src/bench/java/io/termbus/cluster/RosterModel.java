package io.termbus.cluster;

import io.termbus.bench.Traffic;
import io.termbus.bench.Virtual;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The rosters of many nodes in one virtual time, and what they say to each other. Those that are lost say nothing. */
public final class RosterModel {
    private static final long LATENCY_NANOS = 1_000_000L;
    private static final long TICK_NANOS = RosterVerticle.TICK_MILLIS * 1_000_000L;

    private final Virtual time;
    private final Traffic traffic;
    private final List<Peer> peers = new ArrayList<>();
    private final Map<String, Roster> rosters = new HashMap<>();
    private final Map<String, RosterTalk> talks = new HashMap<>();

    public RosterModel(int nodes, Virtual time, Traffic traffic, Random random) {
        this.time = time;
        this.traffic = traffic;
        for (int i = 0; i < nodes; i++) {
            peers.add(new Peer(
                    String.format(java.util.Locale.ROOT, "node-%08d", i),
                    "10.0." + i / 250 + "." + i % 250,
                    5702,
                    "print"));
        }
        for (Peer peer : peers) {
            Roster roster = new Roster(peer, time::now, new Random(random.nextLong()), new Silent());
            roster.listed(peers);
            RosterTalk talk = new RosterTalk(roster, new Random(random.nextLong()), new Net(peer));
            rosters.put(peer.name(), roster);
            talks.put(peer.name(), talk);
            time.after((long) (random.nextDouble() * TICK_NANOS), () -> tick(talk));
        }
    }

    private void tick(RosterTalk talk) {
        talk.tick();
        time.after(TICK_NANOS, () -> tick(talk));
    }

    /** From now on the membership lists so many less at each node; they are there still. */
    public void membershipDrops(int count) {
        List<Peer> listed = peers.subList(count, peers.size());
        rosters.values().forEach(each -> each.listed(listed));
    }

    private final class Net implements RosterTalk.Wire {
        private final Peer from;

        Net(Peer from) {
            this.from = from;
        }

        @Override
        public void tell(Peer peer, JsonObject message) {
            traffic.sent(message.encode().length());
            time.after(LATENCY_NANOS, () -> talks.get(peer.name()).heard(message));
        }

        @Override
        public void knock(Peer peer) {
            time.after(LATENCY_NANOS, () -> talks.get(from.name()).open(peer));
        }
    }

    private static final class Silent implements Roster.Listener {
        @Override
        public void joined(Peer peer) {}

        @Override
        public void left(Peer peer) {}

        @Override
        public void stranger(Peer peer, boolean there) {}
    }
}
