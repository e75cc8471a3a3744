package io.termbus.auth;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * A share that was ended early, remembered so that no node of a cluster that missed it brings the share back.
 *
 * @param until when the share would have ended by itself: then there is nothing to remember
 */
record Revocation(String id, Instant until) {
    private static final String UNTIL = "revokedUntil";

    JsonObject toJson() {
        return new JsonObject().put("id", id).put(UNTIL, until.toString());
    }

    static boolean isOne(JsonObject json) {
        return json.containsKey(UNTIL);
    }

    /** @throws RuntimeException where a field is missing or malformed */
    static Revocation of(JsonObject json) {
        return new Revocation(
                Optional.ofNullable(json.getString("id")).orElseThrow(), Instant.parse(json.getString(UNTIL)));
    }
}
