package io.termbus.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopsTest {
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(3));
    private final Loops loops = Loops.of(vertx);

    /** Tells which loop it is on. */
    private final class Teller extends VerticleBase {
        private final String address;
        private final boolean fails;

        Teller(String address, boolean fails) {
            this.address = address;
            this.fails = fails;
        }

        @Override
        public Future<?> start() {
            return vertx.eventBus()
                    .localConsumer(
                            address, message -> message.reply(loops.current().orElse(-1)))
                    .completion()
                    .compose(v -> fails ? Future.failedFuture("on purpose") : Future.succeededFuture());
        }
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Object ask(String address) throws Exception {
        return await(vertx.eventBus().request(address, "", LOCAL)).body();
    }

    @Test
    void aVerticleRunsOnTheLoopThatWasChosen() throws Exception {
        assertThat(loops.count()).isEqualTo(3);
        for (int loop : new int[] {2, 0, 2, 1, 1}) {
            String deployment = await(loops.deploy(loop, new Teller("teller", false)));
            assertThat(ask("teller")).isEqualTo(loop);
            await(vertx.undeploy(deployment));
        }
    }

    @Test
    void whatItOpenedGoesWithIt() throws Exception {
        await(vertx.undeploy(await(loops.deploy(1, new Teller("gone", false)))));
        Assertions.assertThatThrownBy(() -> ask("gone")).hasRootCauseInstanceOf(ReplyException.class);
    }

    @Test
    void whatAFailedStartOpenedGoesToo() {
        Assertions.assertThatThrownBy(() -> await(loops.deploy(1, new Teller("failed", true))))
                .hasMessageContaining("on purpose");
        Assertions.assertThatThrownBy(() -> ask("failed")).hasRootCauseInstanceOf(ReplyException.class);
    }

    @Test
    void otherThreadsAreOnNone() {
        assertThat(loops.current()).isEqualTo(OptionalInt.empty());
    }
}
