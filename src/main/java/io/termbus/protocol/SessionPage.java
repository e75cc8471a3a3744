package io.termbus.protocol;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The part of all sessions that a {@code list} asks for, oldest first: {@code limit} of them, behind the one that
 * {@code after} names. Sessions that come or go between two pages are never the cause that another one is left out.
 */
public final class SessionPage {
    static final int MAX_LIMIT = 100_000;
    private static final int MAX_CURSOR_CHARS = 128;
    private static final char SEPARATOR = '/';

    private final int limit;
    private final Optional<String> after;

    private SessionPage(int limit, Optional<String> after) {
        this.limit = limit;
        this.after = after;
    }

    /** @throws HubException where a field is no such */
    public static SessionPage of(Fields fields) {
        return new SessionPage(fields.intOr("limit", 1, MAX_LIMIT, MAX_LIMIT), fields.text("after", MAX_CURSOR_CHARS));
    }

    /** {@code {sessions: […], next?}}, where {@code next} is the {@code after} of the next page. */
    public JsonObject answer(Stream<JsonObject> sessions) {
        List<JsonObject> found = sessions.sorted(Comparator.comparing(SessionPage::cursor))
                .filter(each -> after.isEmpty() || cursor(each).compareTo(after.get()) > 0)
                .limit(limit + 1L)
                .toList();
        JsonArray page = new JsonArray();
        found.stream().limit(limit).forEach(page::add);
        JsonObject answer = new JsonObject().put("sessions", page);
        return found.size() > limit ? answer.put("next", cursor(found.get(limit - 1))) : answer;
    }

    private static String cursor(JsonObject session) {
        return session.getString("createdAt", "") + SEPARATOR + session.getString("id", "");
    }
}
