package io.termbus.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.metrics.Meters.Writer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MetersTest {
    private static final Labels ONE_OF_TWO = Labels.of("kind", List.of("a", "b"));
    private static final long MILLI = 1_000_000;

    private final Meters meters = Meters.on();

    private Tally kinds(Writer writer) {
        return meters.counter(writer, "things", "Things.", ONE_OF_TWO);
    }

    private Meter only() {
        assertThat(meters.all()).hasSize(1);
        return meters.all().get(0);
    }

    @Test
    void whatSeveralWritersCountIsToldAsOne() {
        Tally own = kinds(Writer.ONE);
        Tally other = kinds(Writer.ONE);
        Tally shared = kinds(Writer.ANY);

        own.add(0, 2);
        other.add(0, 30);
        shared.add(0, 400);
        other.add(1, 5);

        assertThat(only().count(0)).isEqualTo(432);
        assertThat(only().count(1)).isEqualTo(5);
        assertThat(only().isHistogram()).isFalse();
    }

    @Test
    void aTallyForAnyWriterLosesNothing() throws InterruptedException {
        Tally shared = kinds(Writer.ANY);
        CountDownLatch all = new CountDownLatch(4);
        List<Thread> threads = IntStream.range(0, 4)
                .mapToObj(i -> new Thread(() -> {
                    all.countDown();
                    IntStream.range(0, 100_000).forEach(each -> shared.add(1, 1));
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread each : threads) {
            each.join();
        }

        assertThat(only().count(1)).isEqualTo(400_000);
    }

    @Test
    void aTimeFallsIntoTheFirstBucketThatIsNoShorter() {
        Histogram times =
                meters.histogram(Writer.ONE, "times", "Times.", Labels.of("kind", List.of("a", "b")), 10, 100);

        times.record(1, 0);
        times.record(1, 10 * MILLI);
        times.record(1, 10 * MILLI + 1);
        times.record(1, 101 * MILLI);
        times.record(1, -5);

        assertThat(only().boundsSeconds()).containsExactly(0.01, 0.1);
        assertThat(only().buckets(1)).containsExactly(3, 1, 1);
        assertThat(only().sumNanos(1)).isEqualTo(121 * MILLI + 1);
        assertThat(only().buckets(0)).containsExactly(0, 0, 0);
        assertThat(only().sumNanos(0)).isZero();
    }

    @Test
    void offNothingIsCountedAndThereIsNothingToTell() {
        Meters.OFF.counter(Writer.ONE, "things", "Things.", ONE_OF_TWO).add(1, 1);
        Meters.OFF.histogram(Writer.ANY, "times", "Times.", ONE_OF_TWO, 10, 100).record(1, 50 * MILLI);

        assertThat(Meters.OFF.all()).isEmpty();
        assertThat(Meters.OFF.areOn()).isFalse();
    }

    @Test
    void labelsOfTwoNamesAreAllPairsInOrder() {
        Labels both = Labels.of("zone", List.of("green", "red")).by("transport", List.of("tcp", "jvm"));

        assertThat(both.names()).containsExactly("zone", "transport");
        assertThat(both.series())
                .containsExactly(
                        List.of("green", "tcp"), List.of("green", "jvm"), List.of("red", "tcp"), List.of("red", "jvm"));
        assertThat(Labels.NONE.series()).containsExactly(List.of());
    }
}
