package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.guard.FairShare;
import io.termbus.protocol.HubException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScreenGateTest {
    private record Rest(long ms, Runnable then) {}

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final List<Rest> rests = new CopyOnWriteArrayList<>();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final FairShare readers = new FairShare(2, 4);
    private final ScreenGate gate = new ScreenGate(
            (ms, then) -> rests.add(new Rest(ms, then)),
            vertx.createSharedWorkerExecutor("test-readers", 2),
            vertx.createSharedWorkerExecutor("test-changers", 1),
            new Turns(new FairShare(2, 4), nanos::get),
            readers,
            System::nanoTime);

    /** A change of several steps, each of which takes a while by the clock of the turns. */
    private final class Steps implements ScreenGate.Change {
        private final String name;
        private final long nanosEach;
        private int left;
        private boolean mark = true;
        private boolean onWorker;

        Steps(String name, int left, long nanosEach) {
            this.name = name;
            this.left = left;
            this.nanosEach = nanosEach;
        }

        @Override
        public int go() {
            nanos.addAndGet(nanosEach);
            if (--left == 0) {
                done.add(name);
            }
            return 0;
        }

        @Override
        public boolean isDone() {
            return left == 0;
        }

        @Override
        public boolean isMark() {
            return mark;
        }

        @Override
        public boolean takesLong() {
            return onWorker;
        }
    }

    private void rested() {
        Awaitility.await().until(() -> !rests.isEmpty());
        run(() -> rests.remove(0).then().run());
    }

    @Test
    void whatTakesLongGivesWayAfterItsTurnHoweverMuchIsLeft() {
        run(() -> gate.change(new Steps("heavy", 12, Turns.TURN_NANOS / 4)));

        assertThat(rests).hasSize(1);
        assertThat(rests.get(0).ms()).isEqualTo(2); // one of two processors' quarter
        assertThat(done).isEmpty();
        rested();
        assertThat(done).isEmpty();
        rested();
        assertThat(done).containsExactly("heavy");
    }

    @Test
    void changesKeepTheirOrderWhileTheFirstRests() {
        run(() -> {
            gate.change(new Steps("heavy", 5, Turns.TURN_NANOS / 4));
            gate.change(new Steps("next", 1, 0));
        });
        assertThat(done).isEmpty();

        rested();

        assertThat(done).containsExactly("heavy", "next");
    }

    @Test
    void aReadSeesEveryMarkThatCameBeforeItAlsoOneThatAWorkerMakes() {
        run(() -> {
            Steps reflow = new Steps("reflow", 1, 0);
            reflow.onWorker = true;
            gate.change(reflow);
            gate.read(reader("read", 0));
            gate.change(new Steps("later", 1, 0));
        });

        await("reflow", "read", "later");
    }

    @Test
    void outputThatComesAfterTheSessionWentIsDropped() {
        run(() -> {
            gate.change(new Steps("heavy", 5, Turns.TURN_NANOS / 4));
            gate.close();
            gate.change(new Steps("late", 1, 0));
        });
        rested();

        assertThat(done).isEmpty();
    }

    @AfterEach
    void stop() throws Exception {
        CompletableFuture<Void> idle = new CompletableFuture<>();
        run(() -> gate.close().onComplete(done -> idle.complete(null)));
        idle.get(20, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Runs in one go on the event loop. */
    private void run(Runnable work) {
        CompletableFuture<Void> ran = new CompletableFuture<>();
        loop.runOnContext(v -> {
            try {
                work.run();
                ran.complete(null);
            } catch (RuntimeException | AssertionError e) {
                ran.completeExceptionally(e);
            }
        });
        ran.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private Callable<Object> reader(String name, long ms) {
        return () -> {
            for (long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms); System.nanoTime() < end; ) {
                Thread.onSpinWait();
            }
            return done.add(name);
        };
    }

    private void await(String... names) {
        Awaitility.await().until(() -> done.equals(List.of(names)));
    }

    @Test
    void afterAReadForAClientOthersWaitSevenTimesAsLong() {
        run(() -> {
            gate.readForClient(reader("first", 5));
            gate.readForClient(reader("second", 0));
        });
        Awaitility.await().until(() -> rests.size() == 1);
        assertThat(rests.get(0).ms()).isGreaterThanOrEqualTo(35);
        assertThat(done).containsExactly("first");

        run(() -> rests.get(0).then().run());

        await("first", "second");
    }

    @Test
    void readsOfAllSessionsTogetherGetAQuarterOfTheProcessors() {
        for (int i = 1; i < 40; i++) {
            readers.enter();
        }
        run(() -> gate.readForClient(reader("first", 5)));
        Awaitility.await().until(() -> rests.size() == 1);

        assertThat(rests.get(0).ms()).isBetween(400L, 1000L);
        run(() -> rests.get(0).then().run());
        assertThat(readers.rest(1000)).isEqualTo(2 * 39 * 1000);
    }

    @Test
    void aSessionThatGoesInItsRestCountsNoMore() {
        run(() -> gate.readForClient(reader("first", 5)));
        Awaitility.await().until(() -> rests.size() == 1);
        readers.enter();
        assertThat(readers.rest(1000)).isEqualTo(4000);

        run(gate::close);

        assertThat(readers.rest(1000)).isEqualTo(2000);
        run(() -> rests.get(0).then().run());
        assertThat(readers.rest(1000)).isEqualTo(2000);
    }

    @Test
    void anAnswerThatIsTakenBadlyHoldsUpNoOther() {
        run(() -> {
            gate.readForClient(reader("first", 5)).onComplete(read -> {
                throw new IllegalStateException("on purpose");
            });
            gate.readForClient(reader("second", 0));
        });

        rested();

        await("first", "second");
    }

    @Test
    void subscribersAndOutputDoNotWaitForTheRest() {
        run(() -> gate.readForClient(reader("first", 5)));
        Awaitility.await().until(() -> rests.size() == 1);

        run(() -> {
            gate.readForClient(reader("client", 0));
            gate.read(reader("subscriber", 0));
            gate.change(new Steps("output", 1, 0));
        });

        await("first", "subscriber", "output");
    }

    @Test
    void readsThatWaitAreAllAnswered() {
        List<Future<Object>> reads = new ArrayList<>();
        run(() -> {
            for (int i = 0; i < ScreenGate.MAX_WAITING_READS; i++) {
                reads.add(gate.readForClient(() -> 1));
            }
        });

        Awaitility.await().until(() -> {
            List<Rest> due = List.copyOf(rests); // of one that the machine slowed down
            rests.removeAll(due);
            run(() -> due.forEach(rest -> rest.then().run()));
            return Future.all(reads).succeeded();
        });
    }

    @Test
    void moreThanMayWaitAreRefused() {
        run(() -> {
            gate.readForClient(reader("first", 5));
            for (int i = 0; i < ScreenGate.MAX_WAITING_READS; i++) {
                gate.readForClient(reader("other", 0));
            }
            assertThatThrownBy(() -> gate.readForClient(reader("one more", 0)))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("snapshots of the session are waiting");
        });
    }

    @Test
    void whenTheSessionGoesThoseThatWaitAreTold() {
        List<Future<Object>> reads = new ArrayList<>();
        run(() -> {
            gate.readForClient(reader("first", 5));
            reads.add(gate.readForClient(reader("second", 0)));
            gate.close();
        });

        assertThat(reads.get(0).cause()).isInstanceOf(HubException.class);
        await("first");
    }

    @Test
    void closingIsDoneWhenNoWorkerReadsAnyMore() throws Exception {
        CompletableFuture<List<String>> doneAtClose = new CompletableFuture<>();
        run(() -> {
            gate.read(reader("first", 30));
            gate.read(reader("second", 0));
            gate.close().onComplete(closed -> doneAtClose.complete(List.copyOf(done)));
        });

        assertThat(doneAtClose.get(20, TimeUnit.SECONDS)).containsExactly("first", "second");
    }
}
