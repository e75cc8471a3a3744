package io.termbus.cluster;

import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership by any other of Vert.x' cluster managers, through the SPI that they all have: who is there, and what each
 * says of itself. Their directory of addresses stays empty.
 */
final class VertxMembership implements Membership {
    private static final Logger LOG = LoggerFactory.getLogger(VertxMembership.class);
    private static final long LIMIT_SECONDS = 60;

    private final Vertx vertx;
    private final Supplier<ClusterManager> maker;
    /** By the manager's own id of the node. */
    private final Map<String, Peer> known = new ConcurrentHashMap<>();

    private @Nullable Peer self;
    private Consumer<Membership> changed = membership -> {};
    private volatile @Nullable ClusterManager manager;
    private volatile boolean left;

    /** @param maker makes a manager that has not joined */
    VertxMembership(Vertx vertx, Supplier<ClusterManager> maker) {
        this.vertx = vertx;
        this.maker = maker;
    }

    @Override
    public void join(Peer joining, Consumer<Membership> listener) throws Exception {
        self = joining;
        changed = listener;
        start(joining);
    }

    private void start(Peer joining) throws Exception {
        ClusterManager made = maker.get();
        made.init(vertx);
        made.registrationListener(new RegistrationListener() {});
        made.nodeListener(new NodeListener() {
            @Override
            public void nodeAdded(String id) {
                changed.accept(VertxMembership.this);
            }

            @Override
            public void nodeLeft(String id) {
                changed.accept(VertxMembership.this);
            }
        });
        await(made::join);
        await((Completable<Void> promise) -> made.setNodeInfo(joining.info(), promise));
        manager = made;
        mend();
    }

    private static <T> void await(Consumer<Completable<T>> step) throws Exception {
        await(future(step));
    }

    private static <T> Future<T> future(Consumer<Completable<T>> step) {
        Promise<T> promise = Promise.promise();
        step.accept(promise);
        return promise.future();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void leave() throws Exception {
        left = true;
        ClusterManager running = manager;
        if (running != null) {
            await(running::leave);
        }
    }

    /** Also asks those who they are that came a moment ago. */
    @Override
    public void mend() throws Exception {
        ClusterManager running = manager;
        Peer me = self;
        if (left || running == null || me == null) {
            return;
        }
        if (!running.isActive()) {
            LOG.warn("the cluster manager has ended; it is started anew");
            known.clear();
            start(me);
            return;
        }
        boolean news = false;
        for (String id : List.copyOf(running.getNodes())) {
            if (!known.containsKey(id)) {
                news |= ask(running, id);
            }
        }
        news |= known.keySet().retainAll(running.getNodes());
        if (news) {
            changed.accept(this);
        }
    }

    private boolean ask(ClusterManager running, String id) throws InterruptedException {
        try {
            NodeInfo info = await(future((Completable<NodeInfo> promise) -> running.getNodeInfo(id, promise)));
            return Peer.of(info).map(peer -> known.put(id, peer) == null).orElse(false);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.debug("{} has not said who it is", id, e);
            return false;
        }
    }

    @Override
    public List<Peer> members() {
        ClusterManager running = manager;
        List<Peer> found = new ArrayList<>();
        if (running != null && running.isActive()) {
            for (String id : running.getNodes()) {
                Peer peer = known.get(id);
                if (peer != null) {
                    found.add(peer);
                }
            }
        }
        return found;
    }

    @Override
    public State state() {
        ClusterManager running = manager;
        return running != null && running.isActive() ? State.JOINED : State.REJOINING;
    }
}
