package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.flow.edge.EdgeLink;
import io.termbus.flow.edge.EdgeLinks;
import io.termbus.flow.edge.LinkBus;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.HubException;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.FromEdge;
import io.termbus.protocol.LinkMessage.FromOwner;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An owner of a session and an edge, on one thread and one clock. What the owner sends waits until it is carried over;
 * questions of the edge are answered at once, as if by a faster way.
 */
final class TwoNodes {
    static final String OWNER = "owner";
    private static final String OWNER_ADDRESS = "address of the owner";
    private static final String EDGE_ADDRESS = "address of the edge";

    final FlowFixture owner;
    final EdgeFake edgeOutlet = new EdgeFake();
    final LinkFeeds feeds;
    final EdgeLinks edges;
    final Map<String, SessionFlow> edgeFlows = new HashMap<>();
    private final FlowFixture.Limits limits;
    /** Nothing gets through to the owner. */
    boolean cut;
    /** What the edge tells without asking gets lost. */
    boolean tellsLost;
    /** Positions that the owner answers with wait for {@link #release}, or {@link #timeOut}. */
    boolean holdsAnswers;

    private final Deque<Held<?>> heldAnswers = new ArrayDeque<>();
    /** The owner has forgotten the session. */
    boolean forgotten;

    private record Held<T>(Future<T> answer, Promise<T> late) {
        void release() {
            answer.onComplete(late);
        }
    }

    private int carried;
    private int subscribers;

    TwoNodes(FlowFixture.Limits limits) {
        this.limits = limits;
        owner = new FlowFixture(limits);
        feeds = new LinkFeeds(
                OWNER_ADDRESS,
                limits.build(),
                100,
                owner.outlet,
                id -> forgotten ? Optional.empty() : Optional.of(owner.flow));
        edges = new EdgeLinks(
                "edge", EDGE_ADDRESS, edgeOutlet, new Bus(), this::link, link -> edgeFlows.remove(link.session()));
    }

    private EdgeLink link(String session) {
        EdgeLink made = new EdgeLink(session, edges, edgeOutlet, new Bus(), edges::grace, link -> {
            edgeOutlet.link = link;
            return new SessionFlow(session, limits.build(), edgeOutlet);
        });
        edgeFlows.put(session, made.flow());
        return made;
    }

    EdgeLink link() {
        return edges.link(FlowFixture.SESSION);
    }

    /** Attaches at the edge and listens. */
    Subscriber attach(boolean lossless, OptionalLong from) {
        Deque<Subscriber> attached = new ArrayDeque<>();
        Future<Void> joined = link().join(lossless, flow -> attached.add(attach(flow, lossless, from)));
        assertThat(joined.succeeded()).as("%s", joined.cause()).isTrue();
        Subscriber subscriber = attached.remove();
        edgeFlows.get(FlowFixture.SESSION).subscribers().listening(subscriber);
        return subscriber;
    }

    private Subscriber attach(SessionFlow flow, boolean lossless, OptionalLong from) {
        return FlowFixture.attach(flow, FlowFixture.SESSION, "remote-" + ++subscribers, lossless, from);
    }

    SessionFlow edgeFlow() {
        return edgeFlows.get(FlowFixture.SESSION);
    }

    List<LinkMessage> sent() {
        return owner.outlet.linked.getOrDefault(EDGE_ADDRESS, List.of());
    }

    /** Carries one message of the owner to the edge; false where there is none. */
    boolean carry() {
        if (carried == sent().size()) {
            return false;
        }
        edges.received((FromOwner) sent().get(carried++));
        return true;
    }

    void carryAll() {
        boolean more = true;
        while (more) {
            more = carry();
        }
    }

    /** What is on its way gets lost. */
    void loseAll() {
        carried = sent().size();
    }

    void release() {
        while (!heldAnswers.isEmpty()) {
            releaseOldest();
        }
    }

    void releaseOldest() {
        heldAnswers.remove().release();
    }

    /** The one question that waits for an answer does so no longer. */
    void timeOut() {
        assertThat(heldAnswers).hasSize(1);
        heldAnswers.remove().late().fail(new ReplyException(ReplyFailure.TIMEOUT));
    }

    /** The edge notices that a message is missing. */
    void loseOne() {
        owner.write(1);
        loseAll();
        owner.write(1);
        carryAll();
    }

    void pass(Duration time) {
        owner.outlet.pass(time);
        edgeOutlet.pass(time);
    }

    /** Time passes and everything arrives, until nothing happens any more. */
    void settle() {
        for (int i = 0; i < 200; i++) {
            carryAll();
            while (!owner.outlet.snapshotsWanted.isEmpty()) {
                owner.answerSnapshot(10);
            }
            ackAll();
            pass(Duration.ofMillis(100));
        }
    }

    void ackAll() {
        SessionFlow flow = edgeFlow();
        if (flow != null) {
            for (Subscriber each : List.copyOf(flow.subscribers().all())) {
                flow.subscribers().ackThrough(each, each.unacked().lastSeq());
            }
        }
    }

    /** Every output has the bytes of its place, and follows what came before it, or a snapshot came between. */
    void assertContinuous(Subscriber subscriber) {
        long at = -1;
        for (Delivery.Counted each : edgeOutlet.counted(subscriber.id())) {
            if (each.kind() == Delivery.Kind.OUTPUT) {
                long from = each.offset() - each.payload().length();
                assertThat(at == -1 ? from : at).isEqualTo(from);
                assertThat(each.payload().bytes())
                        .isEqualTo(FlowFixture.pattern(from, each.payload().length()));
            }
            at = each.offset();
        }
    }

    /** The edge's outlet: what concerns the owner goes over the link. */
    static final class EdgeFake extends FakeOutlet {
        private @Nullable EdgeLink link;

        @Override
        public void taken(String session, int outputs, boolean lags) {
            link().taken(outputs);
        }

        @Override
        public void joined(String session, String subscriber, int count) {
            link().counted();
        }

        @Override
        public void lagChanged(String session) {
            link().counted();
        }

        @Override
        public void left(String session, String subscriber, int count) {
            super.left(session, subscriber, count);
            link().counted();
        }

        @Override
        public Future<Snapshot> snapshot(String session, int scrollbackLines, int wantedBytes, int maxBytes) {
            return link().snapshot(scrollbackLines, wantedBytes, maxBytes);
        }

        private EdgeLink link() {
            return java.util.Objects.requireNonNull(link);
        }
    }

    private final class Bus implements LinkBus {
        final List<FromEdge> told = new ArrayList<>();

        @Override
        public Future<JsonObject> info(String session) {
            return forgotten
                    ? Future.failedFuture(new ReplyException(ReplyFailure.NO_HANDLERS))
                    : Future.succeededFuture(new JsonObject().put("node", OWNER));
        }

        @Override
        public Future<Position> open(String node, LinkMessage.Open open) {
            return ask(open);
        }

        @Override
        public Future<Position> reopen(String node, LinkMessage.Open open) {
            return ask(open);
        }

        @Override
        public Future<Position> update(String address, LinkMessage.Update update) {
            return ask(update);
        }

        private Future<Position> ask(FromEdge message) {
            return held(answer(message).map(Position.class::cast));
        }

        @Override
        public Future<List<Position>> check(String address, List<LinkMessage.Check> checks) {
            return held(
                    cut
                            ? Future.failedFuture(new ReplyException(ReplyFailure.TIMEOUT))
                            : Future.succeededFuture(feeds.checked(new LinkMessage.Checks(checks))
                                    .all()));
        }

        private <T> Future<T> held(Future<T> answer) {
            if (!holdsAnswers) {
                return answer;
            }
            Held<T> held = new Held<>(answer, Promise.promise());
            heldAnswers.add(held);
            return held.late().future();
        }

        @Override
        public Future<LinkMessage.State> state(String address, LinkMessage.StateWanted wanted) {
            return answer(wanted).map(LinkMessage.State.class::cast);
        }

        private Future<LinkMessage> answer(FromEdge message) {
            if (cut) {
                return Future.failedFuture(new ReplyException(ReplyFailure.TIMEOUT));
            }
            try {
                return feeds.received(message);
            } catch (HubException e) {
                return Future.failedFuture(new ReplyException(
                        ReplyFailure.RECIPIENT_FAILURE, e.error().code(), e.getMessage()));
            }
        }

        @Override
        public void tell(String address, FromEdge message) {
            if (!tellsLost) {
                told.add(message);
                answer(message);
            }
        }
    }
}
