package io.termbus;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Operation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;

/** A session of a hub. Any thread may call; futures complete on the caller's context and fail with {@link TermbusException}. */
public final class TermbusSession {
    private final LocalRequests requests;
    private final JsonObject info;

    TermbusSession(LocalRequests requests, JsonObject info) {
        this.requests = requests;
        this.info = info;
    }

    public String id() {
        return info.getString("id");
    }

    /** The session as it was when it was asked for: {@code id}, {@code name}, {@code state}, {@code exit} and others. */
    public JsonObject info() {
        return info.copy();
    }

    /** Types into the terminal. Fails where more waits for the program to read than {@code session.inputQueueBytes}. */
    public Future<Void> input(Buffer data) {
        String base64 = Base64.getEncoder().encodeToString(data.getBytes());
        return request(Operation.INPUT.action(), new JsonObject().put("base64", base64))
                .mapEmpty();
    }

    /**
     * Whatever else the protocol has for a session.
     *
     * @param action such as {@code resize}, {@code signal}, {@code kill} or {@code snapshot}
     * @param arguments its body
     * @return the reply's body
     */
    public Future<JsonObject> request(String action, JsonObject arguments) {
        return requests.ask(Addresses.session(id()), action, arguments);
    }
}
