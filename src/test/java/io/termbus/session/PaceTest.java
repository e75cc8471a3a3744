package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
    private record Rest(long ms, Runnable then) {}

    private final Deque<Rest> rests = new ArrayDeque<>();
    private final List<Integer> done = new ArrayList<>();
    private int newest;
    private final Pace pace = Pace.of((ms, then) -> rests.add(new Rest(ms, then)), () -> done.add(newest));

    private void ask(int value) {
        newest = value;
        pace.ask();
    }

    @Test
    void theFirstGoesAtOnceAndOfFiveThousandMoreTheNewest() {
        for (int i = 0; i <= 5000; i++) {
            ask(i);
        }
        assertThat(done).containsExactly(0);
        assertThat(rests).hasSize(1);
        assertThat(rests.getFirst().ms()).isEqualTo(Pace.REST_MS);

        rests.remove().then().run();

        assertThat(done).containsExactly(0, 5000);
    }

    @Test
    void afterARestInWhichNobodyAskedTheNextGoesAtOnce() {
        ask(1);
        rests.remove().then().run();
        assertThat(rests).isEmpty();

        ask(2);

        assertThat(done).containsExactly(1, 2);
    }

    @Test
    void theRestBeginsWhenItIsDone() {
        List<Runnable> under = new ArrayList<>();
        Pace slow = new Pace((ms, then) -> rests.add(new Rest(ms, then)), end -> under.add(() -> end.accept(900L)));
        slow.ask();
        slow.ask();
        assertThat(rests).isEmpty();

        under.get(0).run();

        assertThat(rests.getFirst().ms()).isEqualTo(900);
    }
}
