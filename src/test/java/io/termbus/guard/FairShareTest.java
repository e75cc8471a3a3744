package io.termbus.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FairShareTest {
    @ParameterizedTest
    @CsvSource({
        "1,0,10", "1,1,80", "1,3,240",
        "2,1,40", "2,2,80", "2,10,400",
        "8,0,10", "8,1,10", "8,2,20",
        "64,8,10", "64,16,20",
    })
    void togetherTheyWorkForNoMoreThanAnEighthOfTheProcessorsButOneForHalfOfTheTime(
            int processors, int connections, long rest) {
        FairShare crowd = new FairShare(processors, 8);
        for (int i = 0; i < connections; i++) {
            crowd.enter();
        }

        assertThat(crowd.rest(10)).isEqualTo(rest);
    }

    @Test
    void nobodyRestsForLongerThanASecond() {
        FairShare crowd = new FairShare(1, 8);
        for (int i = 0; i < 1000; i++) {
            crowd.enter();
        }

        assertThat(crowd.rest(1_000_000)).isEqualTo(FairShare.MOST_REST_NANOS);
        assertThat(crowd.rest(Long.MAX_VALUE)).isEqualTo(FairShare.MOST_REST_NANOS);
    }
}
