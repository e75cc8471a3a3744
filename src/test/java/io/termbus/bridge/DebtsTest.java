package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.bridge.Debts.Work;
import io.termbus.guard.FairShare;
import org.junit.jupiter.api.Test;

class DebtsTest {
    private static final long MILLI = 1_000_000;
    /** Of one who has said much. */
    private static final int MANY = ReadBudget.MANY_MESSAGES;

    private final FairShare crowd = new FairShare(2, 8);
    private final Debts debts = new Debts(crowd);

    @Test
    void whoComesBackRestsFromWhatItDidBeforeAndNobodyElse() {
        debts.left("guest", new Work(MANY, MILLI, 5 * MILLI), 0);

        assertThat(debts.of("guest", 0)).isEqualTo(20 * MILLI);
        assertThat(debts.of("guest", 15 * MILLI)).isEqualTo(5 * MILLI);
        assertThat(debts.of("guest", 20 * MILLI)).isZero();
        assertThat(debts.of("other", 0)).isZero();
    }

    @Test
    void debtsOfManyShortConnectionsAddUpToASecondAtMost() {
        for (int i = 0; i < 10; i++) {
            debts.left("guest", new Work(MANY, MILLI, MILLI), 0);
        }
        assertThat(debts.of("guest", 0)).isEqualTo(40 * MILLI);

        for (int i = 0; i < 1000; i++) {
            debts.left("guest", new Work(MANY, MILLI, MILLI), 0);
        }
        assertThat(debts.of("guest", 0)).isEqualTo(FairShare.MOST_REST_NANOS);
    }

    @Test
    void ofWhoSaysLittleTheClockDoesNotCount() {
        debts.left("guest", new Work(2, MILLI / 50, 500 * MILLI), 0);

        assertThat(debts.of("guest", 0)).isEqualTo(4 * MILLI / 50);
    }

    @Test
    void whoSaysLittleInManyConnectionsSaysMuch() {
        for (int i = 0; i < MANY / 2 - 1; i++) {
            debts.left("guest", new Work(2, 0, 50 * MILLI), i * MILLI);
        }
        assertThat(debts.of("guest", 10 * MILLI)).isZero();

        debts.left("guest", new Work(2, 0, 50 * MILLI), 10 * MILLI);

        assertThat(debts.of("guest", 10 * MILLI)).isEqualTo(200 * MILLI);
    }

    @Test
    void oldDebtsAreForgottenAndSoManyAreRemembered() {
        for (int i = 0; i < Debts.MAX_PAYERS + 10; i++) {
            debts.left("payer " + i, new Work(MANY, MILLI, MILLI), 0);
        }
        assertThat(debts.size()).isEqualTo(Debts.MAX_PAYERS);
        assertThat(debts.of("payer 0", 0)).isZero();
        assertThat(debts.of("payer " + (Debts.MAX_PAYERS + 9), 0)).isPositive();

        debts.left("late", new Work(0, 0, 0), 2 * FairShare.MOST_REST_NANOS);

        assertThat(debts.size()).isEqualTo(1);
    }
}
