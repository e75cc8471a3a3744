package io.termbus.bridge;

import io.termbus.audit.Audit;
import io.termbus.bridge.ClientMessage.Command;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Trait;
import io.vertx.core.AsyncResult;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** Tells the audit log of the commands that matter, allowed or not. */
final class CommandAudit {
    /** Of bodies and answers nothing else is written down. */
    private static final Set<String> FACTS =
            Set.of("session", "subscriber", "mode", "id", "role", "expiresAt", "count", "recording", "on", "atMs");

    private final Client client;

    CommandAudit(Client client) {
        this.client = client;
    }

    void refused(Command command, Operation operation, HubException why) {
        if (operation.is(Trait.AUDITED)) {
            client.audit(operation.action(), facts(command), String.valueOf(why.getMessage()));
        }
    }

    void answered(Command command, Operation operation, AsyncResult<Message<Object>> answer) {
        if (!operation.is(Trait.AUDITED)) {
            return;
        }
        JsonObject facts = facts(command);
        if (answer.failed()) {
            client.audit(
                    operation.action(), facts, String.valueOf(answer.cause().getMessage()));
            return;
        }
        copy(answer.result().body(), facts);
        if (operation.is(Trait.PACED)) {
            client.audit(operation.action(), facts, Audit.OK);
        } else {
            Audit.record(operation.action(), facts, Audit.OK);
        }
    }

    private JsonObject facts(Command command) {
        JsonObject facts = client.facts();
        if (Addresses.isSession(command.address())) {
            facts.put("session", Addresses.sessionIdOf(command.address()));
        }
        copy(command.body(), facts);
        return facts;
    }

    /** Client's words win nothing over the hub's: who and from where are there already. */
    private static void copy(Object from, JsonObject facts) {
        if (!(from instanceof JsonObject body)) {
            return;
        }
        for (String name : FACTS) {
            Object value = body.getValue(name);
            if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                facts.put(name.equals("role") ? "sharedRole" : name, value);
            }
        }
    }
}
