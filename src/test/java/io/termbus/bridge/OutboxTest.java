package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class OutboxTest {
    private static final int LIMIT = 4 << 20;

    /** Flushes nothing until it is told to. */
    private static final class StuckTransport implements Transport {
        private final Dialect dialect;
        private final Deque<Promise<Void>> stuck = new ArrayDeque<>();
        final List<String> frames = new ArrayList<>();

        StuckTransport(Dialect dialect) {
            this.dialect = dialect;
        }

        @Override
        public Dialect dialect() {
            return dialect;
        }

        @Override
        public Future<Void> write(ByteBuf written) {
            while (written.isReadable()) {
                int length = dialect.lengthPrefixed() ? written.readInt() : written.readableBytes();
                frames.add(name(
                        written.readCharSequence(length, StandardCharsets.UTF_8).toString()));
            }
            written.release();
            Promise<Void> flushed = Promise.promise();
            stuck.add(flushed);
            return flushed.future();
        }

        private static String name(String frame) {
            JsonObject said = new JsonObject(frame);
            JsonObject headers = said.getJsonObject("headers");
            return headers == null ? said.getString("name") : said.getString("address") + headers.getString("seq");
        }

        void flushOne() {
            stuck.remove().complete();
        }

        void flushAll() {
            while (!stuck.isEmpty()) {
                flushOne();
            }
        }

        @Override
        public void close() {}

        @Override
        public void abort() {}

        @Override
        public String name() {
            return "test";
        }

        @Override
        public String peer() {
            return "test";
        }
    }

    private boolean overflowed;

    private Outbox outbox(StuckTransport transport) {
        return new Outbox(
                transport,
                new FrameEncoder(transport.dialect(), Envelope.NONE),
                LIMIT,
                () -> overflowed = true,
                new UnreadPool(Long.MAX_VALUE).enter(() -> {}));
    }

    private static Outgoing output(StuckTransport transport, String subscriber, long seq, int length) {
        byte[] head = new FrameEncoder(transport.dialect(), Envelope.NONE).head(subscriber, "s");
        return new Outgoing.Deferred(
                head,
                new Delivery.Counted(
                        Delivery.Kind.OUTPUT, "s", seq, seq * length, 0, 0, 0, Payload.of(new byte[length])));
    }

    private static Outgoing said(String name) {
        return new Outgoing.Encoded(new JsonObject().put("name", name).toBuffer());
    }

    /** As much as may be in flight is: what is added from now on waits. */
    private static void fill(Outbox outbox, StuckTransport transport) {
        outbox.add(output(transport, "a", 1, Outbox.IN_FLIGHT_BYTES));
        assertThat(transport.frames).containsExactly("a1");
        transport.frames.clear();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void repliesAndWarningsOvertakeOutputThatWaits(Dialect dialect) {
        StuckTransport transport = new StuckTransport(dialect);
        Outbox outbox = outbox(transport);
        fill(outbox, transport);
        outbox.add(output(transport, "a", 2, 100_000));
        outbox.add(output(transport, "a", 3, 100_000));
        outbox.addUrgent(said("status"));
        outbox.addUrgent(said("warning"));

        transport.flushAll();

        assertThat(transport.frames).containsExactly("status", "warning", "a2", "a3");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whatSaysWhereItComesStaysInItsPlace(Dialect dialect) {
        StuckTransport transport = new StuckTransport(dialect);
        Outbox outbox = outbox(transport);
        fill(outbox, transport);
        outbox.add(output(transport, "a", 2, 1000));
        outbox.add(output(transport, "b", 1, 1000));
        outbox.add(said("resize of a"));
        outbox.add(output(transport, "a", 3, 1000));
        outbox.addUrgent(said("reply"));
        outbox.add(output(transport, "b", 2, 1000));
        outbox.add(said("exit of a"));
        outbox.add(said("reply to detach of b"));

        transport.flushAll();

        assertThat(transport.frames)
                .containsExactly("reply", "a2", "b1", "resize of a", "a3", "b2", "exit of a", "reply to detach of b");
    }

    @Test
    void whatIsWrittenIsNotOvertakenAndAReplyWaitsForNoMoreThanThat() {
        StuckTransport transport = new StuckTransport(Dialect.TCP);
        Outbox outbox = outbox(transport);
        for (int seq = 1; seq <= 10; seq++) {
            outbox.add(output(transport, "a", seq, 65_536));
        }
        List<String> before = List.copyOf(transport.frames);

        outbox.addUrgent(said("reply"));
        transport.flushOne();

        assertThat(before).hasSizeLessThan(5);
        assertThat(transport.frames.subList(0, before.size())).isEqualTo(before);
        assertThat(transport.frames.get(before.size())).isEqualTo("reply");
    }

    @Test
    void theLastFrameComesAfterAllElse() {
        StuckTransport transport = new StuckTransport(Dialect.TCP);
        Outbox outbox = outbox(transport);
        fill(outbox, transport);
        outbox.add(output(transport, "a", 2, 1000));
        outbox.addUrgent(said("reply"));
        Future<Void> drained = outbox.finish(said("last"));
        outbox.addUrgent(said("too late"));

        transport.flushAll();

        assertThat(transport.frames).containsExactly("reply", "a2", "last");
        assertThat(drained.succeeded()).isTrue();
    }

    @Test
    void whatOvertakesCountsAgainstTheLimitToo() {
        StuckTransport transport = new StuckTransport(Dialect.TCP);
        Outbox outbox = outbox(transport);
        fill(outbox, transport);

        for (int i = 0; i < 5 && !overflowed; i++) {
            outbox.addUrgent(new Outgoing.Encoded(Buffer.buffer(new byte[1 << 20])));
        }

        assertThat(overflowed).isTrue();
        outbox.dropWaiting();
        assertThat(outbox.unflushedBytes()).isLessThan(LIMIT);
    }
}
