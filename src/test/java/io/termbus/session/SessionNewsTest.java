package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node is told of another's sessions. */
class SessionNewsTest {
    private final SessionNews news = new SessionNews();

    private static JsonObject session(String id, int bytes) {
        return new JsonObject().put("id", id).put("outputBytes", bytes);
    }

    private static void assertTold(JsonObject answer, boolean full, String... ids) {
        assertThat(answer.getBoolean("full")).isEqualTo(full);
        assertThat(answer.getJsonArray("sessions").stream().map(each -> ((JsonObject) each).getString("id")))
                .containsExactly(ids);
    }

    @Test
    void whoAsksForTheFirstTimeIsToldAll() {
        assertTold(news.since(List.of(session("a", 1), session("b", 1)), 0), true, "a", "b");
    }

    @Test
    void whoAsksAgainIsToldWhatHasChangedSinceThen() {
        long first = news.since(List.of(session("a", 1), session("b", 1)), 0).getLong("version");
        JsonObject second = news.since(List.of(session("a", 1), session("b", 2), session("c", 1)), first);

        assertTold(second, false, "b", "c");
        assertTold(news.since(List.of(session("a", 1), session("b", 2), session("c", 1)), first), false, "b", "c");
        assertTold(
                news.since(List.of(session("a", 1), session("b", 2), session("c", 1)), second.getLong("version")),
                false);
    }

    @Test
    void whoHasSessionsThatAreGoneIsToldAllOnce() {
        long first = news.since(List.of(session("a", 1), session("b", 1)), 0).getLong("version");
        JsonObject second = news.since(List.of(session("b", 1)), first);

        assertTold(second, true, "b");
        assertTold(news.since(List.of(session("b", 1)), second.getLong("version")), false);
    }

    @Test
    void aVersionThatThereNeverWasIsNone() {
        assertTold(news.since(List.of(session("a", 1)), 99), true, "a");
    }
}
