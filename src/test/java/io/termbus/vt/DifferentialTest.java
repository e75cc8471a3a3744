package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The law of the snapshot, judged by xterm.js: for a random stream cut anywhere, the snapshot and the rest
 * show what the whole stream shows, also after further output. {@code -Dtermbus.differential.streams} sets how
 * many for each start, {@code -Dtermbus.differential.seed} where to start.
 */
@Timeout(600)
class DifferentialTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 1_000_000})
    void snapshotAndRestShowWhatTheWholeStreamShows(long start) throws Exception {
        long first = start + Long.getLong("termbus.differential.seed", 0);
        int count = Integer.getInteger("termbus.differential.streams", 5_000);
        try (Judge judge = new Judge()) {
            for (long seed = first; seed < first + count; seed++) {
                judge.submit(Differential.random(seed));
            }
            assertThat(judge.finish())
                    .as("seeds " + first + " to " + (first + count - 1))
                    .isEmpty();
            assertThat(judge.judged()).isEqualTo(count);
            assertThat(judge.skipped()).as("streams that cannot be judged").isLessThan(count / 20);
        }
    }
}
