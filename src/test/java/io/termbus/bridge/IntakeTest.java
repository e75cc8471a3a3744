package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.termbus.protocol.HubException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IntakeTest {
    /** A socket that notes whether it is read. */
    private static final class Socket implements Transport {
        volatile boolean paused;
        /** Runs, once, when it is read again. */
        Runnable heldBack = () -> {};

        @Override
        public Dialect dialect() {
            return Dialect.TCP;
        }

        @Override
        public Future<Void> write(ByteBuf frames) {
            return Future.succeededFuture();
        }

        @Override
        public void close() {}

        @Override
        public void abort() {}

        @Override
        public String peer() {
            return "test";
        }

        @Override
        public String name() {
            return "tcp";
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
            Runnable comes = heldBack;
            heldBack = () -> {};
            comes.run();
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final Socket socket = new Socket();
    private final List<String> handled = new ArrayList<>();
    private final Intake intake = new Intake(vertx, socket, message -> handled.add(message.toString()));

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Runs in one go on the event loop. */
    private void run(Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.runOnContext(v -> {
            try {
                work.run();
                done.complete(null);
            } catch (RuntimeException | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        done.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private void add(int from, int to) {
        IntStream.range(from, to).forEach(i -> intake.add(Buffer.buffer(Integer.toString(i))));
    }

    @Test
    void aTurnIsSoManyMessagesAndMeanwhileTheSocketIsNotRead() {
        run(() -> {
            add(0, Intake.TURN_MESSAGES);
            assertThat(socket.paused).isFalse();
            add(Intake.TURN_MESSAGES, 1000);
            assertThat(handled).hasSize(Intake.TURN_MESSAGES);
            assertThat(socket.paused).isTrue();
        });
    }

    @Test
    void allIsHandledInOrderInTheEndAndTheSocketReadAgain() {
        run(() -> add(0, 1000));

        Awaitility.await().until(() -> !socket.paused);
        assertThat(handled)
                .containsExactlyElementsOf(
                        IntStream.range(0, 1000).mapToObj(Integer::toString).toList());
    }

    @Test
    void aTurnIsSoManyBytes() {
        run(() -> {
            Buffer large = Buffer.buffer(new byte[Intake.TURN_BYTES / 2]);
            for (int i = 0; i < 3; i++) {
                intake.add(large);
            }
            assertThat(handled).hasSize(2);
        });
    }

    @Test
    void whoSendsNowAndThenNeverWaits() {
        for (int i = 0; i < 1000; i++) {
            int message = i;
            run(() -> {
                add(message, message + 1);
                assertThat(handled).hasSize(message + 1);
            });
        }
    }

    @Test
    void moreThanMayWaitIsRefused() {
        run(() -> {
            Buffer large = Buffer.buffer(new byte[1 << 20]);
            intake.add(large);
            for (int i = 0; i < 3; i++) {
                intake.add(large);
            }
            assertThatThrownBy(() -> intake.add(large))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("wait");
        });
    }

    @Test
    void whenThePeerHasClosedEverythingGetsItsTurnAndThenItIsOver() throws Exception {
        CompletableFuture<List<String>> over = new CompletableFuture<>();
        run(() -> {
            add(0, 1000);
            socket.heldBack = () -> {
                add(1000, 1500);
                socket.heldBack = () -> add(1500, 1510);
            };
            intake.finish(() -> over.complete(List.copyOf(handled)));
            assertThat(handled).hasSize(Intake.TURN_MESSAGES);
        });

        assertThat(over.get(20, TimeUnit.SECONDS))
                .containsExactlyElementsOf(
                        IntStream.range(0, 1510).mapToObj(Integer::toString).toList());
    }

    @Test
    void whenThePeerHasClosedAndNothingWaitsItIsOverSoon() throws Exception {
        CompletableFuture<List<String>> over = new CompletableFuture<>();
        run(() -> {
            add(0, 3);
            intake.finish(() -> over.complete(List.copyOf(handled)));
            add(3, 5);
        });

        assertThat(over.get(20, TimeUnit.SECONDS)).containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    void whatIsClosedAfterThePeerDropsWhatWaitsAndIsNotOverTwice() {
        List<String> over = new ArrayList<>();
        run(() -> {
            add(0, 1000);
            intake.finish(() -> over.add("over"));
            intake.close();
        });

        CompletableFuture<Void> later = new CompletableFuture<>();
        run(() -> vertx.setTimer(10, timer -> later.complete(null))); // after the turn that was due
        later.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(handled).hasSize(Intake.TURN_MESSAGES);
        assertThat(over).isEmpty();
    }

    @Test
    void aClosedOneDropsWhatWaitsAndReadsToTheEnd() {
        run(() -> {
            add(0, 1000);
            intake.close();
            add(1000, 2000);
            assertThat(handled).hasSize(Intake.TURN_MESSAGES);
            assertThat(socket.paused).isFalse();
        });
    }
}
