package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatePoolTest {
    private final StatePool pool = new StatePool(100);
    private final List<String> trims = new ArrayList<>();

    private StatePool.Member member(String name) {
        return pool.enter(bytes -> trims.add(name + " " + bytes));
    }

    @Test
    void whileThereIsEnoughNobodyIsCut() {
        StatePool.Member large = member("large");
        StatePool.Member small = member("small");
        large.holds(90);
        small.holds(10);

        assertThat(trims).isEmpty();
        assertThat(pool.held()).isEqualTo(100);
    }

    @Test
    void whoeverMakesItTooMuchThoseWithMoreThanTheirShareAreCutToIt() {
        StatePool.Member large = member("large");
        StatePool.Member small = member("small");
        large.holds(90);
        small.holds(11);
        small.holds(12);

        assertThat(trims).containsExactly("large 50");
        large.trimmed(47);
        assertThat(pool.held()).isEqualTo(59);
    }

    @Test
    void whoGrowsAgainIsCutAgain() {
        StatePool.Member large = member("large");
        large.holds(101);
        large.trimmed(100);
        large.holds(120);

        assertThat(trims).containsExactly("large 100", "large 100");
    }

    @Test
    void whoLeavesLeavesItsMemory() {
        StatePool.Member large = member("large");
        large.holds(90);
        large.leave();
        large.leave();

        assertThat(pool.held()).isZero();
    }

    @Test
    void whoHasLeftHoldsNothingWhateverAWorkerSaysLater() {
        StatePool.Member large = member("large");
        large.holds(90);
        large.leave();
        large.holds(95);
        large.trimmed(80);

        assertThat(pool.held()).isZero();
    }
}
