package io.termbus.flow.edge;

import io.termbus.bench.Traffic;
import io.termbus.bench.Virtual;
import io.termbus.config.FlowConfig;
import io.termbus.flow.output.DisconnectReason;
import io.termbus.flow.output.FlowFixture;
import io.termbus.flow.output.LinkFeeds;
import io.termbus.flow.output.Outlet;
import io.termbus.flow.output.SessionFlow;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.LinkBytes;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.FromEdge;
import io.termbus.protocol.LinkMessage.FromOwner;
import io.termbus.protocol.LinkMessage.Open;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Flow control of many nodes, one instance each, in one virtual time: idle sessions that are watched from anywhere. */
public final class LinkModel {
    private static final long LATENCY_NANOS = 1_000_000L;
    private static final int MAX_SUBSCRIBERS = 1_024;

    private final Virtual time;
    private final Traffic traffic;
    private final FlowConfig limits = new FlowFixture.Limits().build();
    private final Map<String, Node> nodes = new HashMap<>();
    private int links;

    public LinkModel(List<String> names, Virtual time, Traffic traffic) {
        this.time = time;
        this.traffic = traffic;
        names.forEach(name -> nodes.put(name, new Node(name)));
    }

    /** Subscribers at random nodes, of sessions that are at random nodes as well; they come in the first seconds. */
    public void attach(int subscribers, int sessions, Random random) {
        List<String> names = new ArrayList<>(nodes.keySet());
        for (int i = 0; i < subscribers; i++) {
            String owner = names.get(i % sessions % names.size());
            String session = owner + "/" + i % sessions;
            String id = "subscriber-" + i;
            Node at = nodes.get(names.get(random.nextInt(names.size())));
            Node its = nodes.get(owner);
            its.own(session);
            if (at != its) {
                time.after((long) (random.nextDouble() * EdgeChecks.EVERY_NANOS), () -> at.attach(session, id));
            }
        }
    }

    /** That are open. */
    public int links() {
        return links;
    }

    private final class Node implements Outlet, LinkBus {
        private final String name;
        private final Map<String, SessionFlow> sessions = new HashMap<>();
        private final LinkFeeds feeds;
        private final EdgeLinks edges;
        private final Set<Long> timers = new HashSet<>();
        private long lastTimer;

        Node(String name) {
            this.name = name;
            this.feeds = new LinkFeeds(
                    name, limits, MAX_SUBSCRIBERS, this, session -> Optional.ofNullable(sessions.get(session)));
            this.edges = new EdgeLinks(name, name, this, this, this::link, link -> links--);
        }

        private EdgeLink link(String session) {
            links++;
            return new EdgeLink(
                    session, edges, this, this, edges::grace, link -> new SessionFlow(session, limits, this));
        }

        void own(String session) {
            sessions.computeIfAbsent(session, id -> SessionFlow.ofOwner(id, limits, this));
        }

        void attach(String session, String id) {
            edges.link(session)
                    .join(false, flow -> FlowFixture.attach(flow, session, id, false, OptionalLong.empty()))
                    .onFailure(cause -> {
                        throw new IllegalStateException(cause);
                    });
        }

        private <T extends LinkMessage> Future<T> ask(LinkMessage question, Supplier<Future<T>> answer) {
            Promise<T> late = Promise.promise();
            traffic.sent(LinkBytes.of(question));
            time.after(
                    LATENCY_NANOS,
                    () -> answer.get().onComplete(done -> {
                        traffic.sent(done.succeeded() ? LinkBytes.of(done.result()) : 0);
                        time.after(LATENCY_NANOS, () -> late.handle(done));
                    }));
            return late.future();
        }

        @Override
        public Future<JsonObject> info(String session) {
            return Future.succeededFuture(new JsonObject().put("node", session.substring(0, session.indexOf('/'))));
        }

        @Override
        public Future<Position> open(String node, Open open) {
            return ask(open, () -> nodes.get(node).feeds.received(open).map(Position.class::cast));
        }

        @Override
        public Future<Position> reopen(String node, Open open) {
            return open(node, open);
        }

        @Override
        public Future<Position> update(String address, LinkMessage.Update update) {
            return ask(update, () -> nodes.get(address).feeds.received(update).map(Position.class::cast));
        }

        @Override
        public Future<List<Position>> check(String address, List<LinkMessage.Check> checks) {
            LinkMessage.Checks question = new LinkMessage.Checks(checks);
            return ask(
                            question,
                            () -> Future.succeededFuture(
                                    nodes.get(address).feeds.checked(question)))
                    .map(LinkMessage.Positions::all);
        }

        @Override
        public Future<LinkMessage.State> state(String address, LinkMessage.StateWanted wanted) {
            return Future.failedFuture("nobody listens here");
        }

        @Override
        public void tell(String address, FromEdge message) {
            traffic.sent(LinkBytes.of(message));
            time.after(LATENCY_NANOS, () -> nodes.get(address).feeds.received(message));
        }

        @Override
        public long nanoTime() {
            return time.now();
        }

        @Override
        public long epochMillis() {
            return time.now() / 1_000_000;
        }

        @Override
        public long after(long nanos, Runnable task) {
            long timer = ++lastTimer;
            timers.add(timer);
            time.after(nanos, () -> {
                if (timers.remove(timer)) {
                    task.run();
                }
            });
            return timer;
        }

        @Override
        public void cancel(long timer) {
            timers.remove(timer);
        }

        @Override
        public void link(String address, LinkMessage message) {
            traffic.sent(LinkBytes.of(message));
            time.after(LATENCY_NANOS, () -> nodes.get(address).edges.received((FromOwner) message));
        }

        @Override
        public void deliver(String subscriber, Delivery delivery) {}

        @Override
        public void gone(String subscriber) {}

        @Override
        public void ended(String subscriber, String session, DisconnectReason reason) {
            throw new IllegalStateException("nobody is disconnected here: " + reason);
        }

        @Override
        public void warn(JsonObject warning) {}

        @Override
        public void event(JsonObject event) {}

        @Override
        public void taken(String session, int outputs, boolean lags) {}

        @Override
        public void joined(String session, String subscriber, int count) {}

        @Override
        public void listening(String session) {}

        @Override
        public void left(String session, String subscriber, int count) {}

        @Override
        public Future<Snapshot> snapshot(String session, int scrollbackLines, int wantedBytes, int maxBytes) {
            return Future.failedFuture("nobody listens here");
        }
    }
}
