package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How long answers that are good to have are waited for. */
class PatienceTest {
    private static final long MILLI = 1_000_000L;

    private final Patience patience = new Patience();

    private void took(long... millis) {
        for (long each : millis) {
            patience.took(each * MILLI);
        }
    }

    @Test
    void itIsLongAtFirstAndShortWhereAnswersComeFast() {
        assertThat(patience.nanos()).isEqualTo(250 * MILLI);

        took(1, 1, 1, 1, 1, 1, 1, 1, 1, 1);

        assertThat(patience.nanos()).isEqualTo(Patience.LEAST_NANOS);
    }

    @Test
    void itGrowsWhereTheyVaryAndHasAnEnd() {
        took(10, 100, 10, 100);
        assertThat(patience.nanos()).isGreaterThan(100 * MILLI);

        took(9_000, 9_000);

        assertThat(patience.nanos()).isEqualTo(Patience.MOST_NANOS);
    }
}
