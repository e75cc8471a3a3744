package io.termbus.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HomesTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final Homes homes = new Homes(3, now::get);

    @Test
    void aSessionIsAtHomeWithTheConnectionThatMakesIt() {
        assertThat(homes.take(OptionalInt.of(2))).isEqualTo(2);
        assertThat(homes.take(OptionalInt.of(2))).isEqualTo(2);
        assertThat(homes.take(OptionalInt.of(0))).isZero();
    }

    @Test
    void aLoopThatHasClearlyMoreSessionsIsSpared() {
        for (int i = 0; i < Homes.SESSIONS_AHEAD; i++) {
            assertThat(homes.take(OptionalInt.of(1))).isEqualTo(1);
        }
        assertThat(homes.take(OptionalInt.of(1))).isNotEqualTo(1);
    }

    @Test
    void oneThatHasLeftCountsNoMore() {
        for (int i = 0; i < Homes.SESSIONS_AHEAD; i++) {
            homes.take(OptionalInt.of(1));
        }
        homes.leave(1);
        assertThat(homes.take(OptionalInt.of(1))).isEqualTo(1);
    }

    @Test
    void aLoopWhoseSessionsFloodIsSparedWhileTheyDo() {
        homes.output(1, (int) (Homes.SESSIONS_AHEAD * Homes.BYTES_PER_SESSION));
        assertThat(homes.take(OptionalInt.of(1))).isNotEqualTo(1);
        now.addAndGet(10 * SECOND);
        assertThat(homes.take(OptionalInt.of(1))).isEqualTo(1);
    }

    @Test
    void whoHasNoLoopGoesWhereThereIsLeast() {
        homes.take(OptionalInt.of(0));
        homes.take(OptionalInt.of(1));
        assertThat(homes.take(OptionalInt.empty())).isEqualTo(2);
    }
}
