package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.termbus.guard.FairShare;
import io.termbus.protocol.HubException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadBudgetTest {
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
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    /** That a message takes. */
    private volatile long workNanos;

    private final List<Thread> readers = new CopyOnWriteArrayList<>();
    private final FairShare crowd = new FairShare(8, 8);
    private final ReadBudget intake = new ReadBudget(vertx, socket, crowd, this::read, clock::get, clock::get);

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

    private Runnable read(Buffer message) {
        readers.add(Thread.currentThread());
        clock.addAndGet(workNanos);
        return () -> handled.add(message.length() > 100 ? "long" : message.toString());
    }

    private void add(int from, int to) {
        IntStream.range(from, to).forEach(i -> intake.add(Buffer.buffer(Integer.toString(i))));
    }

    @Test
    void aTurnIsSoManyMessagesAndMeanwhileTheSocketIsNotRead() {
        run(() -> {
            add(0, ReadBudget.TURN_MESSAGES);
            assertThat(socket.paused).isFalse();
            add(ReadBudget.TURN_MESSAGES, 1000);
            assertThat(handled).hasSize(ReadBudget.TURN_MESSAGES);
            assertThat(socket.paused).isTrue();
        });
    }

    @Test
    void longAnswersCountAsWorkOfWhoAsked() {
        run(() -> {
            add(0, 1);
            intake.answered((int) (ReadBudget.TURN_NANOS / ReadBudget.NANOS_PER_ANSWERED_BYTE));
            add(1, 2);
            assertThat(socket.paused).isFalse();
            add(2, 10);
            assertThat(handled).hasSize(2);
            assertThat(socket.paused).isTrue();
        });
        Awaitility.await().until(() -> handled.size() == 10);
    }

    @Test
    void whoRestsFirstIsHandledLaterAndOwesWhatItLeavesBehind() throws Exception {
        CompletableFuture<Debts.Work> left = new CompletableFuture<>();
        run(() -> {
            intake.restFirst(TimeUnit.MILLISECONDS.toNanos(5));
            add(0, 100);
            assertThat(handled).isEmpty();
            assertThat(socket.paused).isTrue();
            intake.finish(() -> left.complete(intake.unrested()));
        });

        assertThat(left.get(20, TimeUnit.SECONDS).messages()).isEqualTo(100);
        assertThat(handled).hasSize(100);
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
            Buffer large = Buffer.buffer(new byte[ReadBudget.TURN_BYTES / 8]);
            for (int i = 0; i < 9; i++) {
                intake.add(large);
            }
            assertThat(handled).hasSize(8);
        });
    }

    @Test
    void whoSendsLessThanATurnInItsTimeNeverWaits() {
        run(() -> {
            for (int i = 0; i < 1000; i++) {
                clock.addAndGet(ReadBudget.TURN_NANOS / (ReadBudget.TURN_MESSAGES - 2));
                add(i, i + 1);
                assertThat(handled).hasSize(i + 1);
            }
        });
        assertThat(crowd.size()).isZero();
    }

    @Test
    void whoSendsFasterRestsThoughNothingWaitsYetAndIsOneOfTheCrowdMeanwhile() {
        run(() -> {
            for (int i = 0; i < ReadBudget.TURN_MESSAGES; i++) {
                clock.addAndGet(ReadBudget.TURN_NANOS / (ReadBudget.TURN_MESSAGES + 10));
                add(i, i + 1);
            }
            assertThat(crowd.size()).isEqualTo(1);
            assertThat(socket.paused).isFalse();
            add(0, 1);
            assertThat(handled).hasSize(ReadBudget.TURN_MESSAGES);
        });

        Awaitility.await().until(() -> !socket.paused && crowd.size() == 0);
        assertThat(handled).hasSize(ReadBudget.TURN_MESSAGES + 1);
    }

    @Test
    void aTurnEndsWithItsTimeToo() {
        workNanos = ReadBudget.TURN_NANOS / 100;
        run(() -> {
            add(0, 1000);
            assertThat(handled).hasSize(100);
        });
    }

    @Test
    void fewMessagesAreHandledHoweverLongTheyTake() {
        workNanos = 10 * ReadBudget.MOST_SHARE_NANOS;
        run(() -> {
            add(0, ReadBudget.MANY_MESSAGES - 1);
            assertThat(handled).hasSize(ReadBudget.MANY_MESSAGES - 1);
        });
        assertThat(crowd.size()).isZero();
    }

    @Test
    void whoTakesMoreThanItsShareOfTheEventLoopRestsThoughItsTurnsAreShort() {
        workNanos = ReadBudget.MOST_SHARE_NANOS / 10;
        run(() -> {
            for (int i = 0; i < ReadBudget.MANY_MESSAGES; i++) {
                assertThat(crowd.size()).isZero();
                clock.addAndGet(ReadBudget.TURN_NANOS);
                add(i, i + 1);
            }
            assertThat(crowd.size()).isEqualTo(1);
        });
    }

    @Test
    void whoStaysBelowItsShareNeverRests() {
        workNanos = ReadBudget.TURN_NANOS / 20;
        run(() -> {
            for (int i = 0; i < 1000; i++) {
                clock.addAndGet(ReadBudget.TURN_NANOS - workNanos);
                add(i, i + 1);
            }
            assertThat(handled).hasSize(1000);
        });
        assertThat(crowd.size()).isZero();
    }

    @Test
    void aTurnLastsLongerWhereOthersSendMuchToo() {
        for (int i = 0; i < 8; i++) {
            crowd.enter();
        }
        run(() -> {
            for (int i = 0; i < ReadBudget.TURN_MESSAGES + 1; i++) {
                clock.addAndGet(ReadBudget.TURN_NANOS / (ReadBudget.TURN_MESSAGES - 2));
                add(i, i + 1);
            }
            assertThat(handled).hasSize(ReadBudget.TURN_MESSAGES);
        });
    }

    @Test
    void aLongMessageIsReadOnAWorkerAndWhatFollowsComesAfterIt() {
        CompletableFuture<Thread> eventLoop = new CompletableFuture<>();
        run(() -> {
            eventLoop.complete(Thread.currentThread());
            add(0, 1);
            intake.add(Buffer.buffer(new byte[ReadBudget.LONG_BYTES + 1]));
            add(1, 3);
            assertThat(socket.paused).isTrue();
        });

        Awaitility.await().until(() -> !socket.paused);
        assertThat(handled).containsExactly("0", "long", "1", "2");
        assertThat(readers.get(1)).isNotEqualTo(eventLoop.join());
        assertThat(readers.get(2)).isEqualTo(eventLoop.join());
    }

    @Test
    void aLongMessageOfAClosedConnectionIsDropped() {
        CompletableFuture<Void> later = new CompletableFuture<>();
        run(() -> {
            intake.add(Buffer.buffer(new byte[ReadBudget.LONG_BYTES + 1]));
            intake.close();
            // workers of a context take one task after the other: this one's end comes after the message's
            vertx.executeBlocking(() -> 0).onComplete(done -> vertx.runOnContext(v -> later.complete(null)));
        });
        later.orTimeout(20, TimeUnit.SECONDS).join();

        assertThat(readers).hasSize(1);
        assertThat(handled).isEmpty();
        assertThat(crowd.size()).isZero();
    }

    @Test
    void whenThePeerHasClosedALongMessageIsStillHandled() throws Exception {
        CompletableFuture<List<String>> over = new CompletableFuture<>();
        run(() -> {
            intake.add(Buffer.buffer(new byte[ReadBudget.LONG_BYTES + 1]));
            intake.finish(() -> over.complete(List.copyOf(handled)));
        });

        assertThat(over.get(20, TimeUnit.SECONDS)).containsExactly("long");
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
            assertThat(handled).hasSize(ReadBudget.TURN_MESSAGES);
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
        assertThat(handled).hasSize(ReadBudget.TURN_MESSAGES);
        assertThat(over).isEmpty();
    }

    @Test
    void aClosedOneDropsWhatWaitsAndReadsToTheEnd() {
        run(() -> {
            add(0, 1000);
            intake.close();
            add(1000, 2000);
            assertThat(handled).hasSize(ReadBudget.TURN_MESSAGES);
            assertThat(socket.paused).isFalse();
        });
    }
}
