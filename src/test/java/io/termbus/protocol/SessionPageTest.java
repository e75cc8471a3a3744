package io.termbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Listings in pages. */
class SessionPageTest {
    private final List<JsonObject> sessions = new ArrayList<>(
            IntStream.of(3, 1, 4, 5, 2).mapToObj(SessionPageTest::session).toList());

    private static JsonObject session(int number) {
        return new JsonObject().put("id", "s" + number).put("createdAt", "2026-01-01T00:00:0" + number + "Z");
    }

    private JsonObject list(JsonObject body) {
        return SessionPage.of(Fields.of(body)).answer(sessions.stream());
    }

    private static List<String> ids(JsonObject answer) {
        return answer.getJsonArray("sessions").stream()
                .map(each -> ((JsonObject) each).getString("id"))
                .toList();
    }

    @Test
    void withoutALimitAllComeOldestFirst() {
        JsonObject all = list(new JsonObject());

        assertThat(ids(all)).containsExactly("s1", "s2", "s3", "s4", "s5");
        assertThat(all.containsKey("next")).isFalse();
    }

    @Test
    void pagesFollowEachOtherWhateverComesAndGoesBetween() {
        JsonObject first = list(new JsonObject().put("limit", 2));
        assertThat(ids(first)).containsExactly("s1", "s2");
        sessions.removeIf(each -> each.getString("id").equals("s2"));
        sessions.add(session(6));

        JsonObject second = list(new JsonObject().put("limit", 2).put("after", first.getString("next")));
        JsonObject last = list(new JsonObject().put("limit", 2).put("after", second.getString("next")));

        assertThat(ids(second)).containsExactly("s3", "s4");
        assertThat(ids(last)).containsExactly("s5", "s6");
        assertThat(last.containsKey("next")).isFalse();
    }

    @Test
    void limitsHaveLimits() {
        JsonObject none = new JsonObject().put("limit", 0);

        assertThatThrownBy(() -> list(none)).isInstanceOf(HubException.class).hasMessageContaining("limit");
    }
}
