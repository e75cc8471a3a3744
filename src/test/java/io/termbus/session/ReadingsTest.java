package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.guard.FairShare;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadingsTest {
    private record Rest(long ms, Runnable then) {}

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final List<Rest> rests = new CopyOnWriteArrayList<>();
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final FairShare readers = new FairShare(2, 4);
    private final Readings readings = new Readings(
            (ms, then) -> rests.add(new Rest(ms, then)),
            vertx.createSharedWorkerExecutor("test-readings", 2),
            readers,
            nanos::get);

    /** Of steps that take a while each by the clock of work. */
    private final class Steps implements Readings.Reading<String> {
        private final String name;
        private final long nanosEach;
        private int left;

        Steps(String name, int steps, long nanosEach) {
            this.name = name;
            this.left = steps;
            this.nanosEach = nanosEach;
        }

        @Override
        public boolean step() {
            nanos.addAndGet(nanosEach);
            if (name.equals("fault")) {
                throw new IllegalStateException(name);
            }
            return --left > 0;
        }

        @Override
        public String result() {
            return name;
        }

        @Override
        public void close() {
            closed.add(name);
        }
    }

    private Future<String> read(String name, int steps, long nanosEach) {
        return call(() -> readings.read(
                () -> {
                    begun.add(name);
                    return Future.succeededFuture(new Steps(name, steps, nanosEach));
                },
                () -> !name.equals("unwanted")));
    }

    @Test
    void whatRestsWhenTheSessionGoesIsGivenBackThoughNoTimerFiresAnyMore() {
        Future<String> slow = read("slow", 1000, Readings.PIECE_NANOS);
        Awaitility.await().until(() -> !rests.isEmpty());
        call(() -> {
            readings.close();
            return true;
        });
        assertThat(error(slow)).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(closed).containsExactly("slow");
    }

    private <T> T call(java.util.concurrent.Callable<T> work) {
        CompletableFuture<T> ran = new CompletableFuture<>();
        loop.runOnContext(v -> {
            try {
                ran.complete(work.call());
            } catch (Exception | AssertionError e) {
                ran.completeExceptionally(e);
            }
        });
        return ran.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private long rested() {
        Awaitility.await().until(() -> !rests.isEmpty());
        Rest rest = rests.remove(0);
        call(() -> {
            rest.then().run();
            return true;
        });
        return rest.ms();
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static ErrorCode error(Future<?> future) {
        Awaitility.await().until(future::isComplete);
        return ((HubException) future.cause()).error();
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    @Test
    void whatTakesLongGoesInPiecesWithRests() {
        Future<String> read = read("long", 5, Readings.PIECE_NANOS / 2);

        assertThat(rested()).isEqualTo(70);
        assertThat(read.isComplete()).isFalse();
        assertThat(rested()).isEqualTo(70);

        assertThat(await(read)).isEqualTo("long");
        assertThat(closed).containsExactly("long");
    }

    @Test
    void theNextBeginsOnlyInItsTurn() {
        Future<String> first = read("first", 1, 3_000_000);
        Future<String> second = read("second", 1, 0);
        assertThat(await(first)).isEqualTo("first");
        assertThat(begun).containsExactly("first");

        assertThat(rested()).isEqualTo(21);

        assertThat(await(second)).isEqualTo("second");
        rested();
        assertThat(readers.size()).isZero();
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsNotBegun() {
        Future<String> unwanted = read("unwanted", 1, 0);
        Future<String> next = read("next", 1, 0);

        assertThat(error(unwanted)).isEqualTo(ErrorCode.UNAVAILABLE);
        rested();
        assertThat(await(next)).isEqualTo("next");
        assertThat(begun).containsExactly("next");
    }

    @Test
    void aFaultIsToldAndTheNextHasItsTurn() {
        Future<String> fault = read("fault", 1, 0);
        Future<String> next = read("next", 1, 0);

        Awaitility.await().until(fault::failed);
        assertThat(fault.cause()).isInstanceOf(IllegalStateException.class);
        rested();
        assertThat(await(next)).isEqualTo("next");
        assertThat(closed).containsExactly("fault", "next");
    }

    @Test
    void onlySoManyWait() {
        List<Future<String>> reads = new ArrayList<>();
        for (int i = 0; i <= Readings.MAX_WAITING; i++) {
            reads.add(read("read " + i, 1, 0));
        }
        assertThat(error(read("one more", 1, 0))).isEqualTo(ErrorCode.LIMIT_REACHED);
        for (Future<String> each : reads) {
            await(each);
            rested();
        }
    }

    @Test
    void whoWaitsIsToldThatTheSessionIsGone() {
        Future<String> current = read("current", 3, Readings.PIECE_NANOS);
        Future<String> waiting = read("waiting", 1, 0);
        Awaitility.await().until(() -> !rests.isEmpty());

        call(() -> {
            readings.close();
            readings.close();
            return true;
        });

        assertThat(error(current)).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(error(waiting)).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(error(read("late", 1, 0))).isEqualTo(ErrorCode.NOT_FOUND);
        rested();
        assertThat(closed).containsExactly("current");
        assertThat(readers.size()).isZero();
        assertThat(rests).isEmpty();
    }
}
