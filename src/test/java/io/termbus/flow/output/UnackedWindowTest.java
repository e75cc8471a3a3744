package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnackedWindowTest {
    private final UnackedWindow window = new UnackedWindow();

    @Test
    void acksThroughASequenceNumber() {
        window.sent(10);
        window.sent(20);
        window.sent(30);

        assertThat(window.ackThrough(2)).isEqualTo(2);

        assertThat(window.count()).isEqualTo(1);
        assertThat(window.bytes()).isEqualTo(30);
    }

    @Test
    void anAckOfWhatWasNeverSentAcksWhatWas() {
        window.sent(10);

        assertThat(window.ackThrough(Long.MAX_VALUE)).isEqualTo(1);
        assertThat(window.count()).isZero();
        assertThat(window.sent(5)).isEqualTo(2);
        assertThat(window.bytes()).isEqualTo(5);
    }

    @Test
    void theSameAckTwiceCountsOnce() {
        window.sent(10);
        window.sent(20);
        window.ackThrough(1);

        assertThat(window.ackThrough(1)).isZero();
        assertThat(window.ackThrough(0)).isZero();
        assertThat(window.count()).isEqualTo(1);
    }

    @Test
    void acksByCountNeverGoBelowZero() {
        window.sent(10);
        window.sent(20);

        assertThat(window.ackOldest(Long.MAX_VALUE)).isEqualTo(2);
        assertThat(window.ackOldest(1)).isZero();
        assertThat(window.count()).isZero();
        assertThat(window.bytes()).isZero();
    }

    @Test
    void anUndoneDeliveryLeavesNoGapInTheSequence() {
        window.sent(10);
        window.sent(20);
        window.undo();

        assertThat(window.count()).isEqualTo(1);
        assertThat(window.bytes()).isEqualTo(10);
        assertThat(window.sent(7)).isEqualTo(2);
    }

    @Test
    void countsLikeAQueueThroughAnySequenceOfDeliveriesAndAcks() {
        Random random = new Random(42);
        Deque<Integer> model = new ArrayDeque<>();
        for (int i = 0; i < 100_000; i++) {
            if (random.nextInt(5) < 3) {
                int size = random.nextInt(65_536);
                model.add(size);
                window.sent(size);
            } else if (random.nextBoolean()) {
                int wanted = random.nextInt(20);
                int acked = window.ackOldest(wanted);
                assertThat(acked).isEqualTo(Math.min(wanted, model.size()));
                for (int k = 0; k < acked; k++) {
                    model.remove();
                }
            } else if (!model.isEmpty()) {
                window.undo();
                model.removeLast();
            }
            assertThat(window.count()).isEqualTo(model.size());
        }
        assertThat(window.bytes())
                .isEqualTo(model.stream().mapToLong(Integer::longValue).sum());
    }
}
