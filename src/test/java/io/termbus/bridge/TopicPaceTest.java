package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.bridge.TopicPace.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TopicPaceTest {
    private static final int BYTES = 250;

    private final Deque<Runnable> due = new ArrayDeque<>();
    private final List<Long> told = new ArrayList<>();
    private long now = 5_000_000_000L;

    private TopicPace pace() {
        return new TopicPace(
                Lane.SUBSCRIBERS,
                () -> now,
                (ms, task) -> {
                    assertThat(ms).isEqualTo(TopicPace.TELL_MS);
                    due.add(task);
                },
                told::add);
    }

    /** How many of so many messages go; each leaves at once. */
    private static int go(TopicPace pace, int count) {
        int gone = 0;
        for (int i = 0; i < count; i++) {
            if (pace.takes(BYTES)) {
                pace.left(BYTES);
                gone++;
            }
        }
        return gone;
    }

    private void secondPasses() {
        now += TimeUnit.MILLISECONDS.toNanos(TopicPace.TELL_MS);
        List<Runnable> tasks = List.copyOf(due);
        due.clear();
        tasks.forEach(Runnable::run);
    }

    @Test
    void whatComesNowAndThenGoesAndNothingIsTold() {
        TopicPace pace = pace();
        for (int second = 0; second < 100; second++) {
            assertThat(go(pace, Lane.SUBSCRIBERS.bytesPerSecond / BYTES)).isEqualTo(65);
            secondPasses();
        }
        assertThat(told).isEmpty();
        assertThat(due).isEmpty();
    }

    @Test
    void aFloodIsABurstThenAFewASecondAndTheNumberOfTheOthers() {
        TopicPace pace = pace();
        long gone = go(pace, 1000);
        assertThat(gone).isEqualTo(263); // the burst of 64 KiB
        secondPasses();
        assertThat(told).containsExactly(1000 - gone);

        long more = 0;
        for (int second = 0; second < 60; second++) {
            more += go(pace, 1000);
            secondPasses();
        }

        assertThat(more * BYTES).isLessThanOrEqualTo(61L * Lane.SUBSCRIBERS.bytesPerSecond);
        assertThat(told).hasSize(61);
        assertThat(told.stream().mapToLong(Long::longValue).sum() + gone + more).isEqualTo(61_000);
    }

    @Test
    void afterOneThatWasPassedOverNoneGoesBeforeThatIsTold() {
        TopicPace pace = pace();
        go(pace, 300);
        now += TimeUnit.SECONDS.toNanos(100); // room enough
        assertThat(pace.takes(BYTES)).isFalse();
        secondPasses();
        assertThat(told).containsExactly(38L);
        assertThat(pace.takes(BYTES)).isTrue();
    }

    @Test
    void aLongMessagePassesAndThoseBehindItPayForIt() {
        TopicPace pace = pace();
        assertThat(pace.takes(128 * 1024)).isTrue();
        pace.left(128 * 1024);
        assertThat(pace.takes(1)).isFalse();
        now += TimeUnit.SECONDS.toNanos(30);
        secondPasses();
        assertThat(pace.takes(1)).isTrue();
    }

    @Test
    void nothingIsAddedToWhatWaitsForAClientThatDoesNotRead() {
        TopicPace pace = pace();
        int waiting = 0;
        for (int second = 0; second < 100; second++) {
            for (int i = 0; i < 100; i++) {
                waiting += pace.takes(BYTES) ? BYTES : 0;
            }
            secondPasses();
        }
        assertThat(waiting).isBetween(TopicPace.MAX_WAITING_BYTES, TopicPace.MAX_WAITING_BYTES + BYTES);
        long before = told.stream().mapToLong(Long::longValue).sum();

        pace.left(waiting);
        secondPasses();

        long all = told.stream().mapToLong(Long::longValue).sum();
        assertThat(all).isGreaterThan(before);
        assertThat(all + waiting / BYTES).isEqualTo(100 * 100);
        assertThat(due).isEmpty();
    }
}
