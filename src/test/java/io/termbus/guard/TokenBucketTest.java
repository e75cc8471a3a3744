package io.termbus.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    private long now = Long.MAX_VALUE - SECOND; // it may overflow meanwhile
    private final TokenBucket bucket = new TokenBucket(10, 4, () -> now);

    @Test
    void aBurstIsThereAtOnceAndComesBackAtItsRate() {
        bucket.take(10);
        assertThat(bucket.room()).isZero();

        now += SECOND / 2;
        assertThat(bucket.room()).isEqualTo(2);

        now += SECOND;
        assertThat(bucket.room()).isEqualTo(6);
    }

    @Test
    void whatIsTakenBeforehandIsMissingLater() {
        bucket.take(18);
        now += SECOND;
        assertThat(bucket.room()).isEqualTo(-4);

        now += SECOND;
        assertThat(bucket.room()).isZero();
    }

    @Test
    void moreThanABurstDoesNotGather() {
        bucket.take(1);
        now += 1000 * SECOND;
        assertThat(bucket.room()).isEqualTo(10);
    }

    @Test
    void lookingOftenLosesNothing() {
        bucket.take(10);
        for (int i = 0; i < 1000; i++) {
            now += SECOND / 1000;
            bucket.room();
        }
        assertThat(bucket.room()).isCloseTo(4, within(1e-6));
    }
}
