package io.termbus.loop;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

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
        return vertx.deployVerticle(new OnLoop(verticle, loops.get(loop)));
    }

    /** Hands a verticle a context of another loop. What the verticle opened there is closed when it is undeployed. */
    private final class OnLoop implements Deployable {
        private final Deployable verticle;
        private final ContextInternal home;
        private final CloseFuture opened = new CloseFuture();

        OnLoop(Deployable verticle, EventLoop loop) {
            this.verticle = verticle;
            this.home = vertx.contextBuilder()
                    .withEventLoop(loop)
                    .withCloseFuture(opened)
                    .withClassLoader(verticle.getClass().getClassLoader())
                    .build();
        }

        @Override
        public Future<?> deploy(Context context) {
            return onHome(() -> verticle.deploy(home))
                    .recover(cause -> opened.close().transform(closed -> Future.failedFuture(cause)));
        }

        @Override
        public Future<?> undeploy(Context context) {
            return onHome(() -> verticle.undeploy(home)).eventually(opened::close);
        }

        private Future<Object> onHome(FutureSource step) {
            Promise<Object> done = Promise.promise();
            home.runOnContext(v -> {
                try {
                    step.run().<Object>map(result -> result).onComplete(done);
                } catch (Exception e) {
                    done.fail(e);
                }
            });
            return done.future();
        }
    }

    @FunctionalInterface
    private interface FutureSource {
        Future<?> run() throws Exception;
    }
}
