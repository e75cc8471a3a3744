package io.termbus.cluster;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Ids;
import io.termbus.protocol.RemoteCalls;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Vert.x asks of a cluster: which node has an address. Addresses say so themselves, {@code termbus.node.<node>.…}
 * and {@code termbus.session.<node…>}; all others are each node's own. So there is no directory that a request could
 * wait for, nothing is registered, and nothing is left behind by a node that is gone. Nodes with another admin token get
 * nothing: a request to one fails at once, by name. Any thread may call.
 */
final class Directory implements ClusterManager {
    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);
    /** Addresses of other nodes that Vert.x remembers the node of; the one it was asked for first goes. */
    static final int MAX_REMEMBERED = 10_000;

    private final String name;
    private final String tokenPrint;
    private final Function<Vertx, Membership> memberships;
    private final RosterNews news;
    /** Address to the short form of the node. */
    private final Map<String, String> remembered = new LinkedHashMap<>();

    private final AtomicBoolean mending = new AtomicBoolean();
    private final ExecutorService blocking = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "termbus-membership");
        thread.setDaemon(true);
        return thread;
    });

    private volatile @Nullable Membership membership;
    private volatile @Nullable Roster roster;
    private volatile @Nullable NodeInfo info;
    private volatile RegistrationListener registrations = new RegistrationListener() {};
    private volatile boolean active;

    /** @param name of this node, also as Vert.x knows it */
    Directory(String name, String tokenPrint, Function<Vertx, Membership> memberships) {
        this.name = name;
        this.tokenPrint = tokenPrint;
        this.memberships = memberships;
        this.news = new RosterNews(this::lost);
    }

    @Override
    public void init(Vertx vertx) {
        membership = memberships.apply(vertx);
    }

    /** Nothing yet: what members are told of this node is known in {@link #setNodeInfo}. */
    @Override
    public void join(Completable<Void> promise) {
        active = true;
        promise.succeed();
    }

    @Override
    public void setNodeInfo(NodeInfo own, Completable<Void> promise) {
        info = own;
        Peer self = new Peer(name, own.host(), own.port(), tokenPrint);
        Roster made = new Roster(self, System::nanoTime, new Random(), news);
        roster = made;
        run(() -> membership().join(self, changed -> made.listed(changed.members())), promise);
    }

    private interface Step {
        void run() throws Exception;
    }

    private void run(Step step, Completable<Void> promise) {
        try {
            blocking.execute(() -> {
                try {
                    step.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    promise.fail(e);
                    return;
                } catch (Exception e) {
                    promise.fail(e);
                    return;
                }
                promise.succeed();
            });
        } catch (RejectedExecutionException e) {
            promise.fail(e);
        }
    }

    /** Looks after the membership; returns at once. */
    void mend() {
        Roster made = roster;
        if (!active || made == null || !mending.compareAndSet(false, true)) {
            return;
        }
        made.listed(membership().members());
        run(membership()::mend, (done, cause) -> {
            mending.set(false);
            if (cause != null) {
                LOG.warn("the membership cannot be mended yet: {}", String.valueOf(cause.getMessage()));
            }
        });
    }

    @Override
    public void leave(Completable<Void> promise) {
        if (!active) {
            promise.succeed();
            return;
        }
        active = false;
        run(membership()::leave, promise);
        blocking.shutdown();
    }

    @Override
    public boolean isActive() {
        return active;
    }

    private Membership membership() {
        Membership made = membership;
        if (made == null) {
            throw new IllegalStateException("not initialised");
        }
        return made;
    }

    /** All members, strangers too, oldest first. */
    List<Peer> members() {
        return membership().members();
    }

    /** From now on this node's verticles are told who comes and goes. */
    void announce(Vertx vertx) {
        news.begin(vertx);
    }

    Membership.State state() {
        return membership().state();
    }

    /** Who is there; after the event bus has started. */
    Roster roster() {
        Roster made = roster;
        if (made == null) {
            throw new IllegalStateException("the event bus has not started");
        }
        return made;
    }

    @Override
    public String getNodeId() {
        return name;
    }

    @Override
    public List<String> getNodes() {
        return roster().names();
    }

    @Override
    public NodeInfo getNodeInfo() {
        NodeInfo own = info;
        if (own == null) {
            throw new IllegalStateException("the event bus has not started");
        }
        return own;
    }

    /** Everything that is sent to a node, replies too, passes here before the first connection to it. */
    @Override
    public void getNodeInfo(String node, Completable<NodeInfo> promise) {
        if (node.equals(name)) {
            promise.succeed(getNodeInfo());
            return;
        }
        String shortForm = Ids.shortForm(node);
        Optional<Peer> peer = roster().member(shortForm).or(() -> roster().lost(shortForm));
        if (peer.isPresent()) {
            promise.succeed(peer.get().info());
        } else {
            promise.fail(
                    roster().stranger(shortForm).isPresent()
                            ? refusal(Ids.NODE_PREFIX + shortForm)
                            : RemoteCalls.silence(shortForm));
        }
    }

    static ReplyException refusal(String node) {
        return new ReplyException(ReplyFailure.RECIPIENT_FAILURE, ErrorCode.UNAVAILABLE.code(), otherToken(node));
    }

    /** For those who asked for something of such a node. */
    static String otherToken(String node) {
        return node + " has another admin token than this node";
    }

    /** Short form of the node that the address names; empty: it names none. */
    private static String nodeOf(String address) {
        return Addresses.isSession(address)
                ? Ids.ownerOf(Addresses.sessionIdOf(address))
                : Ids.shortForm(Addresses.nodeOf(address));
    }

    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
        String node = nodeOf(address);
        if (node.isEmpty() || node.equals(Ids.shortForm(name))) {
            // nobody else: Vert.x looks here
            promise.succeed(List.of());
            return;
        }
        Optional<Peer> peer = roster().member(node);
        if (peer.isEmpty() && Addresses.isNodeRoster(address)) {
            peer = roster().lost(node);
        }
        if (peer.isPresent()) {
            remember(address, node);
            promise.succeed(List.of(new RegistrationInfo(peer.get().name(), 1, false)));
        } else if (roster().stranger(node).isPresent()) {
            promise.fail(refusal(roster().stranger(node).get().name()));
        } else if (roster().lost(node).isPresent()) {
            promise.fail(RemoteCalls.silence(node));
        } else {
            promise.succeed(List.of());
        }
    }

    private void remember(String address, String node) {
        String oldest = null;
        synchronized (remembered) {
            remembered.put(address, node);
            if (remembered.size() > MAX_REMEMBERED) {
                Iterator<String> all = remembered.keySet().iterator();
                oldest = all.next();
                all.remove();
            }
        }
        if (oldest != null) {
            forget(oldest);
        }
    }

    private void forget(String address) {
        registrations.registrationsUpdated(new RegistrationUpdateEvent(address, List.of()));
    }

    /** The node is lost: what Vert.x remembers of it goes. */
    void lost(Peer peer) {
        List<String> its;
        synchronized (remembered) {
            its = remembered.entrySet().stream()
                    .filter(each -> each.getValue().equals(peer.shortForm()))
                    .map(Map.Entry::getKey)
                    .toList();
            its.forEach(remembered::remove);
        }
        its.forEach(this::forget);
    }

    @Override
    public void registrationListener(RegistrationListener listener) {
        registrations = listener;
    }

    /** For Vert.x' high availability, which is off. */
    @Override
    public void nodeListener(NodeListener listener) {}

    @Override
    public void addRegistration(String address, RegistrationInfo registration, Completable<Void> promise) {
        promise.succeed();
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo registration, Completable<Void> promise) {
        promise.succeed();
    }

    private static UnsupportedOperationException nothingShared() {
        return new UnsupportedOperationException("nodes share nothing but who is there");
    }

    @Override
    public <K, V> void getAsyncMap(String map, Completable<AsyncMap<K, V>> promise) {
        promise.fail(nothingShared());
    }

    @Override
    public <K, V> Map<K, V> getSyncMap(String map) {
        throw nothingShared();
    }

    @Override
    public void getLockWithTimeout(String lock, long timeout, Completable<Lock> promise) {
        promise.fail(nothingShared());
    }

    @Override
    public void getCounter(String counter, Completable<Counter> promise) {
        promise.fail(nothingShared());
    }
}
