package io.termbus.auth;

import io.termbus.protocol.Grant;
import io.termbus.protocol.Role;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * A share that was handed out. Its token is not kept anywhere.
 *
 * @param session the one session it is for; empty: all
 * @param createdBy the user who asked for it
 */
record Share(String id, Optional<String> session, Role role, Instant createdAt, Instant expiresAt, String createdBy) {

    Grant grant() {
        return new Grant("share:" + id, role, session, Optional.of(id), Optional.of(expiresAt));
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject().put("id", id);
        session.ifPresent(it -> json.put("session", it));
        return json.put("role", role.toString())
                .put("createdAt", createdAt.toString())
                .put("expiresAt", expiresAt.toString())
                .put("createdBy", createdBy);
    }

    /** @throws RuntimeException where a field is missing or malformed */
    static Share of(JsonObject json) {
        return new Share(
                text(json, "id"),
                Optional.ofNullable(json.getString("session")),
                Role.of(text(json, "role")).orElseThrow(),
                Instant.parse(text(json, "createdAt")),
                Instant.parse(text(json, "expiresAt")),
                text(json, "createdBy"));
    }

    private static String text(JsonObject json, String field) {
        return Optional.ofNullable(json.getString(field)).orElseThrow();
    }
}
