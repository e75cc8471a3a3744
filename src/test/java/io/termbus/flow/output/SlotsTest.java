package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.termbus.flow.output.FlowFixture.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The intervals of yellow and red, for many subscribers under steady output; in virtual time. */
@Timeout(60)
class SlotsTest {
    private static final int SUBSCRIBERS = 100;
    private static final int SLOTS = 50;
    /** Of an interval: the session writes in each. */
    private static final int STEPS = 100;

    private static final long SEED = 20261129;

    /** @param lateMicros a timer is late by up to so much, as those of an event loop are */
    @ParameterizedTest
    @CsvSource({"10, 0", "10, 2000", "50, 0", "50, 2000", "100, 0", "100, 2000", "200, 0", "200, 5000"})
    void eachGetsWhatWaitsOnceInAnInterval(int intervalMillis, int lateMicros) {
        FlowFixture f = new FlowFixture(new Limits().deliveries(1, 2, 1000).intervals(intervalMillis, intervalMillis));
        Random random = new Random(SEED);
        f.outlet.lateness = () -> lateMicros == 0 ? 0 : random.nextInt(lateMicros) * 1000L;
        List<Subscriber> all = IntStream.range(0, SUBSCRIBERS)
                .mapToObj(i -> {
                    f.outlet.pass(Duration.ofNanos(random.nextInt(1_000_000)));
                    return f.attach();
                })
                .toList();
        f.writeTimes(3, 1);

        List<List<Long>> times = times(f, all, intervalMillis * 1_000_000L / STEPS);

        assertThat(times).allSatisfy(each -> {
            assertThat(meanGap(each)).isCloseTo((double) intervalMillis, withinPercentage(2));
            if (lateMicros == 0) {
                assertThat(medianGap(each)).isCloseTo((double) intervalMillis, withinPercentage(2));
            }
        });
    }

    /** When each subscriber got something, in nanoseconds. */
    private static List<List<Long>> times(FlowFixture f, List<Subscriber> all, long stepNanos) {
        long[] seen = all.stream().mapToLong(each -> each.unacked().lastSeq()).toArray();
        List<List<Long>> times = new ArrayList<>();
        all.forEach(each -> times.add(new ArrayList<>()));
        for (int step = 0; step < SLOTS * STEPS; step++) {
            f.write(1);
            f.outlet.pass(Duration.ofNanos(stepNanos));
            for (int i = 0; i < seen.length; i++) {
                long now = all.get(i).unacked().lastSeq();
                if (now > seen[i]) {
                    times.get(i).add(f.outlet.nanoTime());
                    seen[i] = now;
                }
            }
        }
        return times;
    }

    private static double meanGap(List<Long> times) {
        return (times.get(times.size() - 1) - times.get(0)) / 1e6 / (times.size() - 1);
    }

    private static double medianGap(List<Long> times) {
        double[] gaps = IntStream.range(1, times.size())
                .mapToDouble(i -> (times.get(i) - times.get(i - 1)) / 1e6)
                .sorted()
                .toArray();
        assertThat(gaps).as(() -> Arrays.toString(gaps)).hasSizeGreaterThan(SLOTS / 2);
        return gaps[gaps.length / 2];
    }
}
