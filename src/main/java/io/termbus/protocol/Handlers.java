package io.termbus.protocol;

import io.termbus.protocol.Operation.Target;
import io.termbus.protocol.Operation.Trait;
import io.vertx.core.MultiMap;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What answers the operations at one kind of address, each of them.
 *
 * @param <H> a handler
 */
public final class Handlers<H> {
    private final Target target;
    private final Map<Operation, H> all;

    /** @throws IllegalArgumentException where one is missing, or belongs elsewhere */
    public Handlers(Target target, Map<Operation, H> handlers) {
        this.target = target;
        this.all = new EnumMap<>(handlers);
        Set<Operation> wanted = EnumSet.copyOf(Operation.at(target));
        wanted.removeIf(each -> each.is(Trait.BY_BRIDGE));
        if (!all.keySet().equals(wanted)) {
            throw new IllegalArgumentException("handlers of " + all.keySet() + " for " + wanted);
        }
    }

    /** @throws HubException where the header {@code action} is missing or names none of them */
    public H of(MultiMap headers) {
        return of(Operation.of(target, actionOf(headers)));
    }

    /** @throws HubException where it is none of them */
    public H of(Operation operation) {
        H handler = all.get(operation);
        if (handler == null) {
            throw HubException.notFound("no action '" + operation.action() + "' at " + target);
        }
        return handler;
    }

    /** @throws HubException where there is none */
    public static String actionOf(MultiMap headers) {
        String action = headers.get(Headers.ACTION);
        if (action == null || action.isEmpty()) {
            throw HubException.malformed("header '" + Headers.ACTION + "' is missing: must name the operation");
        }
        return action;
    }
}
