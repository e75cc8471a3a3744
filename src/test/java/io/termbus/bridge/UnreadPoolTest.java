package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnreadPoolTest {
    private final UnreadPool pool = new UnreadPool(100);
    private final List<String> gone = new ArrayList<>();

    private UnreadPool.Member member(String name) {
        return pool.enter(() -> gone.add(name));
    }

    @Test
    void whileThereIsEnoughNobodyGoes() {
        member("one").changed(60, 60);
        member("two").changed(40, 40);

        assertThat(gone).isEmpty();
        assertThat(pool.held()).isEqualTo(100);
    }

    @Test
    void whoHasTheMostGoesWhoeverMakesItTooMuch() {
        member("most").changed(60, 60);
        member("less").changed(41, 41);

        assertThat(gone).containsExactly("most");
    }

    @Test
    void theNextGoesWhenThatDidNotHelp() {
        UnreadPool.Member most = member("most");
        UnreadPool.Member less = member("less");
        most.changed(70, 70);
        less.changed(60, 60);
        less.changed(1, 61);
        assertThat(gone).containsExactly("most");

        most.changed(-70, 0);
        most.leave();
        less.changed(50, 111);
        assertThat(gone).containsExactly("most", "less");
    }

    @Test
    void whatSeveralKeepTakesMemoryOnce() {
        Payload shared = Payload.of(new byte[10]);

        assertThat(shared.hold()).isTrue();
        assertThat(shared.hold()).isFalse();
        assertThat(shared.letGo()).isFalse();
        assertThat(shared.letGo()).isTrue();
    }
}
