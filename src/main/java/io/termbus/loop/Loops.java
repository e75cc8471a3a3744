package io.termbus.loop;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextBuilderImpl;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The event loops of a Vert.x, by number. */
public final class Loops {
    /** More would be more than 256 processors have use for. */
    private static final int MOST = 64;

    private final VertxInternal vertx;
    private final List<EventLoop> loops = new ArrayList<>();

    private Loops(VertxInternal vertx) {
        this.vertx = vertx;
        vertx.nettyEventLoopGroup().forEach(each -> {
            if (loops.size() < MOST) {
                loops.add((EventLoop) each);
            }
        });
    }

    public static Loops of(Vertx vertx) {
        return new Loops((VertxInternal) vertx);
    }

    /** How many there are: 1..64. */
    public int count() {
        return loops.size();
    }

    /** The loop that calls; empty on any other thread. */
    public OptionalInt current() {
        for (int i = 0; i < loops.size(); i++) {
            if (loops.get(i).inEventLoop()) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Deploys a verticle on a loop of one's choice; Vert.x alone would take the next one.
     *
     * @return completes with the id of the deployment
     */
    public Future<String> deploy(int loop, Deployable verticle) {
        return deploy(loop, verticle, new DeploymentOptions());
    }

    /** @param options of the deployment; which thread it gets is decided by {@code loop} alone */
    public Future<String> deploy(int loop, Deployable verticle, DeploymentOptions options) {
        return vertx.deployVerticle(new OnLoop(verticle, loops.get(loop)), options);
    }

    /** Hands a verticle a context on another loop than Vert.x did; it is undeployed with the deployment all the same. */
    private final class OnLoop implements Deployable {
        private final Deployable verticle;
        private final EventLoop loop;
        private @Nullable ContextInternal home;

        OnLoop(Deployable verticle, EventLoop loop) {
            this.verticle = verticle;
            this.loop = loop;
        }

        @Override
        public Future<?> deploy(Context given) {
            ContextInternal context = (ContextInternal) given;
            ContextInternal made = ((ContextBuilderImpl) vertx.contextBuilder())
                    .withDeploymentContext(context.deployment())
                    .withEventLoop(loop)
                    .withCloseFuture(context.closeFuture())
                    .withClassLoader(context.classLoader())
                    .build();
            home = made;
            return on(made, () -> verticle.deploy(made));
        }

        @Override
        public Future<?> undeploy(Context given) {
            ContextInternal made = Objects.requireNonNull(home, "not deployed");
            return on(made, () -> verticle.undeploy(made));
        }

        private Future<Object> on(ContextInternal context, Callable<Future<?>> step) {
            Promise<Object> done = Promise.promise();
            context.runOnContext(v -> {
                try {
                    step.call().<Object>map(result -> result).onComplete(done);
                } catch (Exception e) {
                    done.fail(e);
                }
            });
            return done.future();
        }
    }
}
