package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Delivery;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What flow control keeps of a session over a change of the hub's program. */
class KeptOutputTest {
    private static final int BACKLOG = 1000;
    private static final FlowFixture.Limits LIMITS = new FlowFixture.Limits().backlog(BACKLOG);

    private final FlowFixture before = new FlowFixture(LIMITS);
    private final FakeOutlet outlet = new FakeOutlet();

    private SessionFlow after() {
        return SessionFlow.ofKept(FlowFixture.SESSION, LIMITS.build(), outlet, before.flow.kept());
    }

    private void write(SessionFlow flow, int length) {
        long from = flow.end();
        flow.output(new FlowMessage.Output(
                FlowFixture.SESSION, Payload.of(FlowFixture.pattern(from, length)), from + length));
    }

    private static Subscriber back(SessionFlow flow, boolean lossless, long from) {
        Subscriber subscriber = FlowFixture.attach(flow, FlowFixture.SESSION, "back", lossless, OptionalLong.of(from));
        flow.subscribers().listening(subscriber);
        return subscriber;
    }

    private List<Delivery> delivered() {
        return outlet.delivered.getOrDefault("back", List.of());
    }

    @Test
    void outputAndSizesAreAtTheirPlaces() {
        before.write(700);
        before.flow.resized(100, 30);
        before.write(600);
        before.flow.resized(90, 20);

        SessionFlow flow = after();
        back(flow, false, 650);

        assertThat(flow.end()).isEqualTo(1300);
        assertThat(flow.held(0, 1300)).usingRecursiveComparison().isEqualTo(before.flow.held(0, 1300));
        assertThat(flow.kept().sizes())
                .containsExactly(new SessionMessage.Size(700, 100, 30), new SessionMessage.Size(1300, 90, 20));
        assertThat(delivered()).extracting(Delivery::kind).startsWith(Delivery.Kind.OUTPUT, Delivery.Kind.RESIZE);
    }

    @Test
    void subscribersAreToldWhenToComeBack() {
        Subscriber subscriber = before.attach();
        before.flow.restarts();

        assertThat(before.outlet.delivered.get(subscriber.id())).last().satisfies(told -> {
            assertThat(told.kind()).isEqualTo(Delivery.Kind.DISCONNECTED);
            assertThat(((Delivery.Notice) told).body())
                    .isEqualTo(new JsonObject().put("reason", "restarting").put("retryMs", 500));
        });
        assertThat(before.flow.total()).isZero();
    }

    @Test
    void whatWhoNeverSkipsHasNotAckedIsKeptUntilHeIsBack() {
        Subscriber lossless = before.attachLossless();
        before.write(400);
        before.flow.subscribers().ackOldest(lossless, 1);
        before.write(100);
        assertThat(before.flow.hasAcks()).isFalse();
        before.flow.restarts();

        SessionFlow flow = after();
        int allowed = outlet.taken;
        write(flow, BACKLOG - 100);
        assertThat(outlet.taken).isEqualTo(allowed);
        write(flow, 50);
        back(flow, true, 400);

        assertThat(delivered()).extracting(Delivery::kind).containsOnly(Delivery.Kind.OUTPUT);
        assertThat(((Delivery.Counted) delivered().get(0)).offset()).isGreaterThan(400);
        assertThat(outlet.taken).isGreaterThan(allowed);
        assertThat(flow.total()).isOne();
        assertThat(flow.isLossless()).isTrue();
    }

    @Test
    void whoDoesNotComeBackInTimeHoldsNothingBack() {
        before.attachLossless();
        before.flow.restarts();
        SessionFlow flow = after();
        int allowed = outlet.taken;
        write(flow, BACKLOG);
        assertThat(outlet.taken).isEqualTo(allowed);

        outlet.pass(Duration.ofNanos(Returning.LIMIT_NANOS));

        assertThat(outlet.taken).isGreaterThan(allowed);
        assertThat(flow.isLossless()).isFalse();
    }

    @Test
    void whereTheProgramDoesNotChangeAfterAllTheyGoOn() {
        Subscriber lossless = before.attachLossless();
        before.write(100);
        before.flow.subscribers().ackOldest(lossless, 1);
        assertThat(before.flow.hasAcks()).isTrue();
        before.flow.restarts();
        before.flow.goesOn();
        before.writeTimes(3, 500);

        before.attach(true, OptionalLong.of(100));

        assertThat(before.outlet.snapshotsWanted).isEmpty();
        assertThat(before.flow.held(100, 1600).from()).isEqualTo(100);
    }
}
