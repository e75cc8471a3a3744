package io.termbus.session;

import io.termbus.config.RecordConfig;
import io.termbus.config.RecordConfig.Mode;
import io.termbus.config.RecordConfig.Which;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Whether a session is recorded, and who may say so. On the session's event loop. */
final class SessionRecording {
    private final RecordConfig settings;
    private final boolean asked;
    private Optional<String> recording = Optional.empty();

    /** @param asked who made the session wants it recorded */
    SessionRecording(RecordConfig settings, boolean asked) {
        this.settings = settings;
        this.asked = asked;
    }

    /** From its first byte on. */
    boolean isWanted() {
        return settings.isOn() && (asked || settings.sessions() == Which.ALL);
    }

    /** @throws HubException where nothing is recorded at this hub */
    static void mustBeOn(RecordConfig settings) {
        if (!settings.isOn()) {
            throw new HubException(ErrorCode.CONFLICT, "nothing is recorded at this hub: record.mode is off");
        }
    }

    /** @throws HubException where that may not be */
    void check(boolean on, boolean mayEnd) {
        mustBeOn(settings);
        if (!on && !mayEnd && settings.sessions() == Which.ALL) {
            throw new HubException(ErrorCode.NOT_ALLOWED, "record.sessions = all: ending a recording takes role admin");
        }
    }

    void begun(String id) {
        recording = Optional.of(id);
    }

    void ended(String id) {
        recording = recording.filter(being -> !being.equals(id));
    }

    boolean takesInput() {
        return recording.isPresent() && settings.mode() == Mode.INPUT;
    }

    /** As clients see it. */
    Optional<JsonObject> told() {
        return recording.map(
                id -> new JsonObject().put("id", id).put("mode", settings.mode().toString()));
    }
}
