package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    private final ScreenGate gate = new ScreenGate(
            (ms, then) -> rests.add(new Rest(ms, then)), vertx.createSharedWorkerExecutor("test-readers", 2));

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
    void subscribersAndOutputDoNotWaitForTheRest() {
        run(() -> gate.readForClient(reader("first", 5)));
        Awaitility.await().until(() -> rests.size() == 1);

        run(() -> {
            gate.readForClient(reader("client", 0));
            gate.read(reader("subscriber", 0));
            gate.change(() -> done.add("output"));
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
