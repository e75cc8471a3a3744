package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputClockTest {
    private static final long MS = 1_000_000L;

    private final OutputClock clock = new OutputClock();

    @Test
    void nothingIsOldBeforeTheFirstOutput() {
        assertThat(clock.age(0, 5 * MS)).isZero();
    }

    @Test
    void outputThatComesTogetherHasOneAge() {
        clock.came(0, 0);
        clock.came(100, 9 * MS);
        clock.came(200, 10 * MS);

        assertThat(clock.age(150, 20 * MS)).isEqualTo(20 * MS);
        assertThat(clock.age(200, 20 * MS)).isEqualTo(10 * MS);
    }

    @Test
    void aFloodAfterALongSilenceIsAsOldAsTheFlood() {
        clock.came(0, 0);
        long begin = 3_600_000 * MS;
        for (int i = 0; i < 100_000; i++) {
            clock.came(10 + i, begin + i * 10 * MS);
        }

        long now = begin + 1_000_000 * MS;
        assertThat(clock.age(10, now)).isBetween(1_000_000 * MS, 1_100_000 * MS);
        assertThat(clock.age(5, now)).isEqualTo(now);
    }

    @Test
    void agesAreRightToAnEighthHoweverOutputComesAndMarksStayFew() {
        Random random = new Random(7);
        List<long[]> came = new ArrayList<>();
        long now = 0;
        long offset = 0;
        for (int i = 0; i < 200_000; i++) {
            now += random.nextInt(1000) == 0 ? random.nextInt(60_000) * MS : random.nextInt(20) * MS;
            came.add(new long[] {offset, now});
            clock.came(offset, now);
            offset += 1 + random.nextInt(5000);
            assertThat(clock.marks()).isLessThanOrEqualTo(OutputClock.MAX_MARKS);
        }
        for (int i = 0; i < 10_000; i++) {
            long[] output = came.get(random.nextInt(came.size()));
            long age = now - output[1];
            assertThat(clock.age(output[0], now)).isBetween(age, age + Math.max(10 * MS, age / 8));
        }
    }
}
