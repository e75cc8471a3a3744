package io.termbus.flow;

import io.termbus.config.FlowConfig;
import io.termbus.protocol.HubException;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.Open;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other nodes that get the output of one session. On the event loop of the owning instance. */
final class LinkFeeds {
    private static final Logger LOG = LoggerFactory.getLogger(LinkFeeds.class);
    /** How long a node may be silent where subscribers may be silent for ever: its checks come every 2 s. */
    private static final Duration SILENCE_WITHOUT_STALL = Duration.ofSeconds(60);
    /** However soon subscribers count as stalled. */
    static final Duration LEAST_SILENCE = Duration.ofNanos(5 * EdgeChecks.EVERY_NANOS);
    /** An edge that never got the answer to its {@code Open} asks anew, or gives up, and knows nothing of the feed. */
    static final Duration FIRST_SILENCE = Duration.ofNanos(3 * EdgeChecks.EVERY_NANOS);

    private final String session;
    private final FlowConfig limits;
    private final Outlet outlet;
    private final Backlog backlog;
    private final Runnable changed;
    private final Runnable moved;
    /** By the id of the link. */
    private final Map<String, LinkFeed> feeds = new LinkedHashMap<>();

    private @Nullable FeedEnd end;
    private boolean sessionRemoved;

    /**
     * @param changed told when a node came, left, or has other subscribers
     * @param moved told when one may have made room
     */
    LinkFeeds(String session, FlowConfig limits, Outlet outlet, Backlog backlog, Runnable changed, Runnable moved) {
        this.session = session;
        this.limits = limits;
        this.outlet = outlet;
        this.backlog = backlog;
        this.changed = changed;
        this.moved = moved;
    }

    /**
     * Begins to feed a node, in place of an older link of the same edge.
     *
     * @param dropped told when that ends, for whatever reason
     */
    LinkFeed open(Open asked, Runnable dropped) {
        if (sessionRemoved) {
            throw HubException.notFound("no such session: " + session);
        }
        dropAll(each -> each.edge().address().equals(asked.address()));
        LinkFeed feed = new LinkFeed(asked, limits, outlet, backlog, dropped);
        feeds.put(asked.link(), feed);
        feed.watch(FIRST_SILENCE.toNanos(), silenceLimit().toNanos(), () -> silent(feed));
        run(feed);
        changed.run();
        return feed;
    }

    private Duration silenceLimit() {
        if (limits.stall().isZero()) {
            return SILENCE_WITHOUT_STALL;
        }
        return limits.stall().compareTo(LEAST_SILENCE) > 0 ? limits.stall() : LEAST_SILENCE;
    }

    private void silent(LinkFeed feed) {
        LOG.warn(
                "node {} gives no sign: session {} goes there no more",
                feed.edge().node(),
                session);
        feed.closed(false);
        drop(feed);
    }

    Optional<LinkFeed> find(String link) {
        return Optional.ofNullable(feeds.get(link));
    }

    Collection<LinkFeed> all() {
        return feeds.values();
    }

    void update(LinkFeed feed, boolean lossless, int subscribers) {
        feed.update(lossless, subscribers);
        changed.run();
    }

    /** Idempotent. */
    void acked(LinkFeed feed, long count) {
        if (feed.acked(count)) {
            run(feed);
            moved.run();
        }
    }

    /** Repeats what the edge has told, or tried to. */
    void checked(LinkFeed feed, LinkMessage.Check check) {
        if (feed.lossless() != check.lossless() || feed.subscribers() != check.subscribers()) {
            update(feed, check.lossless(), check.subscribers());
        }
        acked(feed, check.taken());
    }

    void drop(LinkFeed feed) {
        if (feeds.remove(feed.edge().link()) != null) {
            feed.stop();
            changed.run();
        }
    }

    void nodeLeft(String node) {
        dropAll(each -> each.edge().node().equals(node));
    }

    /** Subscribers there are told that the hub shuts down. */
    void shutDown() {
        feeds.values().forEach(each -> each.closed(true));
        dropAll(each -> true);
    }

    private void dropAll(Predicate<LinkFeed> which) {
        List.copyOf(feeds.values()).stream().filter(which).forEach(this::drop);
    }

    void run() {
        // a feed that is done goes out of the map
        if (!feeds.isEmpty()) {
            List.copyOf(feeds.values()).forEach(this::run);
        }
    }

    private void run(LinkFeed feed) {
        feed.run(end);
        if (sessionRemoved && feed.isDone()) {
            feed.removed();
            drop(feed);
        }
    }

    void exited(FeedEnd how) {
        end = how;
        run();
    }

    void removed() {
        sessionRemoved = true;
        run();
    }

    void cleared() {
        run();
        feeds.values().forEach(LinkFeed::cleared);
    }

    void interrupted(String connection) {
        feeds.values().forEach(each -> each.interrupted(connection));
    }

    void typed(String connection) {
        feeds.values().forEach(each -> each.typed(connection));
    }

    boolean isEmpty() {
        return feeds.isEmpty();
    }

    /** Of all nodes together. */
    int subscribers() {
        return feeds.values().stream().mapToInt(LinkFeed::subscribers).sum();
    }

    boolean lossless() {
        return feeds.values().stream().anyMatch(LinkFeed::lossless);
    }

    boolean holdBack() {
        return feeds.values().stream().anyMatch(LinkFeed::holdsBack);
    }

    /** Nothing from here on may be dropped from the backlog. */
    long keepFrom() {
        return feeds.values().stream()
                .filter(LinkFeed::lossless)
                .mapToLong(LinkFeed::offset)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
