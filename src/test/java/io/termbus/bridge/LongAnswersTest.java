package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class LongAnswersTest {
    private static final Outgoing SOME = new Outgoing.Encoded(new JsonObject().toBuffer());

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong nanos = new AtomicLong();
    private final LongAnswers longs = new LongAnswers(2, nanos::get);
    private final List<String> written = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private LongAnswers.Member member(String payer) {
        return longs.enter(vertx, () -> payer, () -> {});
    }

    private Callable<Outgoing> work(String name) {
        return () -> {
            assertThat(Context.isOnWorkerThread()).isTrue();
            written.add(name);
            return SOME;
        };
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void whoAskTakeTurnsAndAWorkerWrites() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        LongAnswers.Member greedy = member("greedy");
        List<Future<Outgoing>> answers = new ArrayList<>();
        answers.add(greedy.write(() -> {
            all.await();
            return SOME;
        }));
        for (int i = 0; i < 3; i++) {
            answers.add(greedy.write(work("greedy")));
        }
        answers.add(member("greedy").write(work("greedy")));
        answers.add(member("other").write(work("other")));
        all.countDown();

        get(Future.all(answers));

        assertThat(written).containsExactly("greedy", "other", "greedy", "greedy", "greedy");
    }

    /** One at a time: while it rests nothing is written. */
    @Test
    void theWorkerRestsThreeTimesAsLongAsItWroteOnTwoProcessors() throws Exception {
        LongAnswers.Member member = member("some");
        long began = System.nanoTime();
        get(member.write(() -> {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
            return SOME;
        }));

        get(member.write(work("next")));

        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(300));
    }

    @Test
    void aConnectionHasSoManyUnderWayAndOneWhereTheNodeHasTooMany() {
        List<LongAnswers.Member> all = new ArrayList<>();
        for (int i = 0; i < LongAnswers.MOST_OF_NODE / LongAnswers.MOST_OF_CONNECTION; i++) {
            LongAnswers.Member member = member("payer " + i);
            all.add(member);
            for (int k = 0; k < LongAnswers.MOST_OF_CONNECTION; k++) {
                assertThat(member.mayAsk()).isTrue();
                member.begins();
            }
            assertThat(member.mayAsk()).isFalse();
        }
        LongAnswers.Member late = member("late");
        assertThat(late.mayAsk()).isTrue();
        late.begins();
        assertThat(late.mayAsk()).isFalse();
        assertThat(longs.underWay()).isEqualTo(LongAnswers.MOST_OF_NODE + 1);

        all.get(0).ends();
        all.get(0).ends();

        assertThat(late.mayAsk()).isTrue();
    }

    @Test
    void whoIsToldThatOneIsOverMayAskAgain() throws Exception {
        CompletableFuture<Void> told = new CompletableFuture<>();
        LongAnswers.Member member = longs.enter(vertx, () -> "some", () -> told.complete(null));
        member.begins();
        assertThat(told).isNotDone();

        member.ends();

        told.get(20, TimeUnit.SECONDS);
    }

    @Test
    void nothingIsWrittenForWhoHasGoneAndOthersGoOn() throws Exception {
        LongAnswers.Member gone = member("gone");
        gone.leave();

        Future<Outgoing> lost = gone.write(work("lost"));

        assertThatThrownBy(() -> get(lost)).isInstanceOf(ExecutionException.class);
        get(member("other").write(work("other")));
        assertThat(written).containsExactly("other");
    }

    @Test
    void aFaultOfOneAnswerHoldsUpNoOther() throws Exception {
        LongAnswers.Member member = member("some");
        Future<Outgoing> faulty = member.write(() -> {
            throw new IllegalStateException("cannot be written");
        });

        assertThatThrownBy(() -> get(faulty)).hasRootCauseMessage("cannot be written");
        assertThat(get(member.write(work("next")))).isSameAs(SOME);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aWholeFrameIsWhatItWouldHaveBeen(Dialect dialect) {
        Envelope envelope = new Envelope("a[\"", "\"]", text -> text.replace("\"", "\\\""));
        FrameEncoder encoder = new FrameEncoder(dialect, envelope);
        Outgoing.Encoded frame =
                new Outgoing.Encoded(new JsonObject().put("a", "é\"\u001b").toBuffer());
        ByteBuf at = Unpooled.buffer();
        encoder.append(at, frame);
        AtomicLong left = new AtomicLong();
        Outgoing whole = encoder.whole(frame, left::incrementAndGet);
        ByteBuf later = Unpooled.buffer();
        encoder.append(later, whole);

        assertThat(ByteBufUtil.hexDump(later)).isEqualTo(ByteBufUtil.hexDump(at));
        assertThat(whole.weight()).isEqualTo(at.readableBytes() + Outgoing.OVERHEAD_BYTES);
        whole.leaves();
        assertThat(left).hasValue(1);
    }

    @Test
    void theSizeOfJsonIsKnownWithoutMakingIt() {
        JsonObject object = new JsonObject()
                .put("text", "x".repeat(100_000))
                .put("list", new JsonArray().add("y".repeat(50_000)).add(1))
                .put("object", new JsonObject().put("z".repeat(1000), true).putNull("none"));

        assertThat(JsonSize.of(object)).isCloseTo(object.encode().length(), org.assertj.core.data.Offset.offset(300L));
    }
}
