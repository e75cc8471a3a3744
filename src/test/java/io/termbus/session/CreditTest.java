package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CreditTest {
    private final Credit credit = new Credit();

    @Test
    void bothMustHaveTakenAnOutputBeforeTheNext() {
        assertThat(credit.taken(2)).isZero();
        assertThat(credit.fed()).isEqualTo(1);
        assertThat(credit.fed()).isEqualTo(1);
        assertThat(credit.fed()).isZero();
        assertThat(credit.taken(1)).isEqualTo(1);
    }

    @Test
    void theLastOutputsOfAProgramDoNotWaitForTheState() {
        credit.taken(4);

        assertThat(credit.ahead(8)).isEqualTo(4);
        assertThat(credit.taken(4)).isEqualTo(4);
        assertThat(credit.taken(1)).isZero();
    }

    @Test
    void whatWasLentIsNotGivenTwice() {
        credit.ahead(2);
        credit.taken(2);

        assertThat(credit.fed()).isZero();
        assertThat(credit.ahead(2)).isZero();
        assertThat(credit.fed()).isZero();
        assertThat(credit.fed()).isZero();
        credit.fed();
        assertThat(credit.taken(1)).isEqualTo(1);
    }
}
