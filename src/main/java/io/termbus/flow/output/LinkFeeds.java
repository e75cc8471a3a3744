package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import io.termbus.protocol.HubException;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.Checks;
import io.termbus.protocol.LinkMessage.FromEdge;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.LinkMessage.Positions;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The other nodes that get the output of one flow-control instance's sessions, a {@link LinkFeed} each and session, and
 * what they ask. On its event loop.
 */
public final class LinkFeeds {
    /** How long a node may be silent where subscribers may be silent for ever. */
    private static final Duration SILENCE_WITHOUT_STALL = Duration.ofSeconds(60);
    /** However soon subscribers count as stalled. */
    static final Duration LEAST_SILENCE = LinkMessage.CHECK_EVERY.multipliedBy(5);
    /** An edge that never got the answer to its {@code Open} asks anew, or gives up, and knows nothing of the feed. */
    static final Duration FIRST_SILENCE = LinkMessage.CHECK_EVERY.multipliedBy(3);

    /** Has at most one link. */
    private record Edge(String session, String address) {}

    private final String address;
    private final FlowConfig limits;
    private final int maxSubscribers;
    private final Outlet outlet;
    private final Function<String, Optional<SessionFlow>> owned;
    /** By the id of the link. */
    private final Map<String, LinkFeed> byLink = new LinkedHashMap<>();

    private final Map<Edge, LinkFeed> byEdge = new HashMap<>();

    /**
     * @param address of this instance, for edges
     * @param maxSubscribers the setting {@code session.maxSubscribers}
     * @param owned finds a session of this node by its id
     */
    public LinkFeeds(
            String address,
            FlowConfig limits,
            int maxSubscribers,
            Outlet outlet,
            Function<String, Optional<SessionFlow>> owned) {
        this.address = address;
        this.limits = limits;
        this.maxSubscribers = maxSubscribers;
        this.outlet = outlet;
        this.owned = owned;
    }

    /** @return the answer, for those who want one; fails with a {@link HubException} */
    public Future<LinkMessage> received(FromEdge message) {
        if (message instanceof LinkMessage.Open open) {
            return Future.succeededFuture(open(open));
        }
        if (message instanceof LinkMessage.StateWanted wanted) {
            return state(wanted);
        }
        LinkFeed feed = find(message.link()).orElseThrow(() -> HubException.notFound("no such link"));
        feed.sign();
        Position before = position(feed);
        if (message instanceof LinkMessage.Ack ack) {
            feed.acked(ack.count());
        } else if (message instanceof LinkMessage.Listens) {
            outlet.listening(feed.edge().session());
        } else if (message instanceof LinkMessage.Close) {
            feed.stop();
        } else if (message instanceof LinkMessage.Update update) {
            mayHave(feed.flow(), update.subscribers() - feed.subscribers());
            feed.update(update.lossless(), update.subscribers());
        }
        return Future.succeededFuture(before);
    }

    /** @return where those links are that are known */
    public Positions checked(Checks checks) {
        List<Position> before = new ArrayList<>();
        for (LinkMessage.Check check : checks.all()) {
            find(check.link()).ifPresent(feed -> {
                feed.sign();
                // what the check lets go now is not missing at the edge
                before.add(position(feed));
                checked(feed, check);
            });
        }
        return new Positions(before);
    }

    /** Repeats what the edge has told, or tried to. */
    private static void checked(LinkFeed feed, LinkMessage.Check check) {
        if (feed.isLossless() != check.lossless() || feed.subscribers() != check.subscribers()) {
            feed.update(check.lossless(), check.subscribers());
        }
        feed.acked(check.taken());
    }

    /** One that is asked for twice is opened once. */
    private Position open(LinkMessage.Open asked) {
        SessionFlow flow = owned.apply(asked.session()).orElseThrow(() -> noSession(asked));
        Optional<LinkFeed> there = find(asked.link());
        if (there.isPresent()) {
            there.get().sign();
            return position(there.get());
        }
        if (asked.from() < 0) {
            mayHave(flow, asked.subscribers());
        }
        if (flow.isRemoved()) {
            throw noSession(asked);
        }
        return position(feed(asked, flow));
    }

    private static HubException noSession(LinkMessage.Open asked) {
        return HubException.notFound("no such session: " + asked.session());
    }

    /** Begins to feed a node, in place of an older link of the same edge. */
    private LinkFeed feed(LinkMessage.Open asked, SessionFlow flow) {
        Edge edge = new Edge(asked.session(), asked.address());
        Optional.ofNullable(byEdge.get(edge)).ifPresent(LinkFeed::stop);
        LinkFeed feed = new LinkFeed(asked, flow, limits, outlet, () -> {
            byLink.remove(asked.link());
            byEdge.remove(edge);
        });
        byLink.put(asked.link(), feed);
        byEdge.put(edge, feed);
        flow.add(feed);
        feed.watch(FIRST_SILENCE.toNanos(), silenceLimit().toNanos());
        feed.run();
        flow.countChanged();
        return feed;
    }

    private Duration silenceLimit() {
        if (limits.stall().isZero()) {
            return SILENCE_WITHOUT_STALL;
        }
        return limits.stall().compareTo(LEAST_SILENCE) > 0 ? limits.stall() : LEAST_SILENCE;
    }

    private void mayHave(SessionFlow flow, int more) {
        if (more > 0 && flow.total() + more > maxSubscribers) {
            throw HubException.limit("session.maxSubscribers", "the session has as many as it may have");
        }
    }

    private Position position(LinkFeed feed) {
        return new Position(
                feed.edge().link(), address, feed.number(), feed.flow().end());
    }

    private Future<LinkMessage> state(LinkMessage.StateWanted wanted) {
        find(wanted.link()).ifPresent(LinkFeed::sign);
        return outlet.snapshot(wanted.session(), wanted.scrollbackLines(), wanted.wantedBytes(), wanted.maxBytes())
                .map(it -> new LinkMessage.State(
                        wanted.link(), it.offset(), it.cols(), it.rows(), it.payload(), it.whole()));
    }

    private Optional<LinkFeed> find(String link) {
        return Optional.ofNullable(byLink.get(link));
    }

    Collection<LinkFeed> all() {
        return byLink.values();
    }

    public void nodeLeft(String node) {
        List.copyOf(byLink.values()).stream()
                .filter(each -> each.edge().node().equals(node))
                .forEach(LinkFeed::stop);
    }
}
