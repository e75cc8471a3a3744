package io.termbus.flow;

import io.termbus.protocol.HubException;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.Checks;
import io.termbus.protocol.LinkMessage.FromEdge;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.LinkMessage.Positions;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What other nodes ask of the sessions of one flow-control instance. On its event loop. */
final class OwnedLinks {
    private final String address;
    private final int maxSubscribers;
    private final Outlet outlet;
    private final Function<String, Optional<SessionFlow>> owned;
    /** Those that are fed. */
    private final Map<String, SessionFlow> byLink = new HashMap<>();

    /**
     * @param address of this instance, for edges
     * @param maxSubscribers the setting {@code session.maxSubscribers}
     * @param owned finds a session of this node by its id
     */
    OwnedLinks(String address, int maxSubscribers, Outlet outlet, Function<String, Optional<SessionFlow>> owned) {
        this.address = address;
        this.maxSubscribers = maxSubscribers;
        this.outlet = outlet;
        this.owned = owned;
    }

    /** @return the answer, for those who want one; fails with a {@link HubException} */
    Future<LinkMessage> received(FromEdge message) {
        if (message instanceof LinkMessage.Open open) {
            return open(open);
        }
        if (message instanceof LinkMessage.StateWanted wanted) {
            return state(wanted);
        }
        SessionFlow flow = Optional.ofNullable(byLink.get(message.link()))
                .orElseThrow(() -> HubException.notFound("no such link"));
        LinkFeed feed = flow.links().find(message.link()).orElseThrow(() -> HubException.notFound("no such link"));
        feed.sign();
        Position before = position(feed, flow);
        if (message instanceof LinkMessage.Ack ack) {
            flow.links().acked(feed, ack.count());
        } else if (message instanceof LinkMessage.Listens) {
            outlet.listening(feed.edge().session());
        } else if (message instanceof LinkMessage.Close) {
            flow.links().drop(feed);
        } else if (message instanceof LinkMessage.Update update) {
            mayHave(flow, update.subscribers() - feed.subscribers());
            flow.links().update(feed, update.lossless(), update.subscribers());
        }
        return Future.succeededFuture(before);
    }

    /** @return where those links are that are known */
    Positions checked(Checks checks) {
        List<Position> before = new ArrayList<>();
        for (LinkMessage.Check check : checks.all()) {
            Optional.ofNullable(byLink.get(check.link()))
                    .ifPresent(flow -> flow.links().find(check.link()).ifPresent(feed -> {
                        feed.sign();
                        // what the check lets go now is not missing at the edge
                        before.add(position(feed, flow));
                        flow.links().checked(feed, check);
                    }));
        }
        return new Positions(before);
    }

    /** One that is asked for twice is opened once. */
    private Future<LinkMessage> open(LinkMessage.Open open) {
        SessionFlow flow = owned.apply(open.session())
                .orElseThrow(() -> HubException.notFound("no such session: " + open.session()));
        Optional<LinkFeed> there = flow.links().find(open.link());
        if (there.isPresent()) {
            there.get().sign();
            return Future.succeededFuture(position(there.get(), flow));
        }
        if (open.from() < 0) {
            mayHave(flow, open.subscribers());
        }
        LinkFeed feed = flow.links().open(open, () -> byLink.remove(open.link()));
        byLink.put(open.link(), flow);
        return Future.succeededFuture(position(feed, flow));
    }

    private void mayHave(SessionFlow flow, int more) {
        if (more > 0 && flow.total() + more > maxSubscribers) {
            throw HubException.limit("session.maxSubscribers", "the session has as many as it may have");
        }
    }

    private Position position(LinkFeed feed, SessionFlow flow) {
        return new Position(feed.edge().link(), address, feed.number(), flow.end());
    }

    private Future<LinkMessage> state(LinkMessage.StateWanted wanted) {
        Optional.ofNullable(byLink.get(wanted.link()))
                .flatMap(flow -> flow.links().find(wanted.link()))
                .ifPresent(LinkFeed::sign);
        return outlet.snapshot(wanted.session(), wanted.scrollbackLines(), wanted.wantedBytes(), wanted.maxBytes())
                .map(it -> new LinkMessage.State(
                        wanted.link(), it.offset(), it.cols(), it.rows(), it.payload(), it.whole()));
    }

    boolean isEmpty() {
        return byLink.isEmpty();
    }

    void nodeLeft(String node) {
        List.copyOf(byLink.values()).forEach(flow -> flow.links().nodeLeft(node));
    }
}
