package io.termbus.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** How many questions about recordings wait. */
class QuestionsTest {
    private final Deque<Promise<JsonObject>> asked = new ArrayDeque<>();
    private final Questions questions = new Questions(this::waits, 2);

    private Future<JsonObject> waits(Callable<JsonObject> answer) {
        Promise<JsonObject> promise = Promise.promise();
        asked.add(promise);
        return promise.future();
    }

    private void ask(String user) {
        questions.ask(user, JsonObject::new);
    }

    @Test
    void aUserHasTwoAtATimeAndOthersAreServedAllTheSame() {
        ask("anna");
        ask("anna");

        assertThatThrownBy(() -> ask("anna"))
                .isInstanceOf(HubException.class)
                .hasMessage("2 of anna wait already (questions about recordings)");
        ask("otto");
        assertThat(asked).hasSize(3);

        asked.remove().complete();
        asked.remove().fail("no such file");
        ask("anna");
        ask("anna");
        assertThatThrownBy(() -> ask("anna")).isInstanceOf(HubException.class);
    }

    @Test
    void allTogetherHave64() {
        for (int i = 0; i < 64; i++) {
            ask("user " + i);
        }

        assertThatThrownBy(() -> ask("anna"))
                .isInstanceOf(HubException.class)
                .hasMessage("64 wait already (questions about recordings)");
        assertThatThrownBy(() -> questions.ask(null, JsonObject::new)).isInstanceOf(HubException.class);
        asked.remove().complete();
        ask("anna");
        assertThat(asked).hasSize(64);
    }
}
