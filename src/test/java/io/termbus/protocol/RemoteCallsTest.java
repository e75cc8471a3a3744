package io.termbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests to a node that takes its time, hangs, or is gone. The node is faked. */
@Timeout(60)
class RemoteCallsTest {
    private static final String NODE = "abcdefgh";
    private static final String ADDRESS = Addresses.nodeHub("node-" + NODE);
    private static final DeliveryOptions LONG = new DeliveryOptions().setSendTimeout(40_000);

    private final Vertx vertx = Vertx.vertx();
    private final RemoteCalls calls = RemoteCalls.of(vertx);
    private final BlockingQueue<Message<Object>> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message<Object>> pings = new LinkedBlockingQueue<>();

    RemoteCallsTest() {
        vertx.eventBus().localConsumer(ADDRESS, asked::add);
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private Future<Message<String>> call() {
        return calls.request(NODE, ADDRESS, "question", LONG);
    }

    private static void assertUnreachable(Future<?> call) {
        assertThatThrownBy(() -> await(call)).cause().isInstanceOfSatisfying(ReplyException.class, failure -> {
            assertThat(failure.failureCode()).isEqualTo(503);
            assertThat(failure).hasMessage("node-" + NODE + " cannot be reached");
        });
    }

    @Test
    void anAnswerMayTakeItsTimeWhileTheNodeAnswersPings() throws Exception {
        vertx.eventBus().localConsumer(Addresses.nodePing(NODE), ping -> {
            pings.add(ping);
            ping.reply("");
        });
        Future<Message<String>> call = call();
        for (int i = 0; i < 3; i++) {
            assertThat(pings.poll(20, TimeUnit.SECONDS)).isNotNull();
        }

        asked.take().reply("answer");

        assertThat(await(call).body()).isEqualTo("answer");
        assertThat(calls.isSilent(NODE)).isFalse();
    }

    @Test
    void aWaitOfMinutesDoesNotPingTenTimesASecond() throws Exception {
        BlockingQueue<Long> times = new LinkedBlockingQueue<>();
        vertx.eventBus().localConsumer(Addresses.nodePing(NODE), ping -> {
            times.add(System.nanoTime());
            ping.reply("");
        });
        Future<Message<String>> call = call();
        long first = times.take();
        times.take();
        long third = times.take();

        assertThat(TimeUnit.NANOSECONDS.toMillis(third - first))
                .isGreaterThanOrEqualTo(2 * RemoteCalls.PATIENCE_MILLIS);
        assertThat(call.isComplete()).isFalse();
    }

    @Test
    void aPingThatIsLostFailsNothingWhereTheNextOneIsAnswered() throws Exception {
        vertx.eventBus().localConsumer(Addresses.nodePing(NODE), pings::add);
        Future<Message<String>> call = call();
        assertThat(pings.poll(20, TimeUnit.SECONDS)).isNotNull();
        pings.take().reply("");
        // it is asked again as long as the call waits
        Message<Object> next = pings.poll(20, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        assertThat(call.isComplete()).isFalse();
        next.reply("");

        asked.take().reply("answer");

        assertThat(await(call).body()).isEqualTo("answer");
        assertThat(calls.isSilent(NODE)).isFalse();
    }

    @Test
    void whatMayBeAskedTwiceIsAskedAgainAndTheFirstAnswerCounts() throws Exception {
        vertx.eventBus().localConsumer(Addresses.nodePing(NODE), ping -> ping.reply(""));
        Future<Message<String>> call = calls.requestTwice(NODE, ADDRESS, "question", LONG);
        Message<Object> first = asked.take();
        Message<Object> second = asked.take();

        second.reply("the second one's");
        assertThat(await(call).body()).isEqualTo("the second one's");

        first.reply("the first one's");
        assertThat(call.result().body()).isEqualTo("the second one's");
        assertThat(asked).isEmpty();
    }

    @Test
    void whatWaitsForANodeThatAnswersNoPingFailsAndItIsHeardAgainWhenItDoes() throws Exception {
        vertx.eventBus().localConsumer(Addresses.nodePing(NODE), pings::add);
        Future<Message<String>> call = call();

        assertUnreachable(call);
        assertThat(calls.isSilent(NODE)).isTrue();

        pings.clear();
        Message<Object> ping = pings.poll(20, TimeUnit.SECONDS);
        assertThat(ping).isNotNull();
        Future<Message<String>> next = call();
        asked.take();
        asked.take().reply("answer");
        assertThat(await(next).body()).isEqualTo("answer");
        assertThat(calls.isSilent(NODE)).isFalse();
    }

    @Test
    void whatWaitsForANodeThatLeavesFailsAtOnce() throws Exception {
        Future<Message<String>> call = call();
        asked.take();

        vertx.eventBus().publish(Addresses.NODE_LEFT, "node-" + NODE, new DeliveryOptions().setLocalOnly(true));

        assertUnreachable(call);
    }
}
