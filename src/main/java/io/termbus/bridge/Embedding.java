package io.termbus.bridge;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Grant;
import io.termbus.protocol.HubBus;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.util.Optional;

/**
 * What the program decides that the hub is part of.
 *
 * @param addressPrefix of the hub on the program's event bus; empty: the hub has the process for itself
 * @param authorizer what may be done beyond roles
 * @param listensTcp whether the hub has listeners of its own for {@code tcp.*}
 * @param listensHttp the same for {@code http.*}
 */
public record Embedding(
        Optional<String> addressPrefix, Authorizer authorizer, boolean listensTcp, boolean listensHttp) {
    /** The hub has the process for itself. */
    public static final Embedding NONE = new Embedding(Optional.empty(), Authorizer.ROLES, true, true);

    /** The bus as the hub sees it. */
    public EventBus bus(Vertx vertx) {
        return addressPrefix.map(prefix -> HubBus.of(vertx, prefix)).orElseGet(vertx::eventBus);
    }

    /** @throws HubException where the role would allow it, and who decides beyond roles does not */
    public void mustAllow(Grant who, Operation operation, Optional<String> session) {
        if (!authorizer.allows(who, operation, session)) {
            throw new HubException(
                    ErrorCode.NOT_ALLOWED, "action '" + operation.action() + "' is not allowed to " + who.user());
        }
    }

    /** How its verticles are deployed. */
    public DeploymentOptions deployment() {
        return addressPrefix.map(HubBus::deployment).orElseGet(DeploymentOptions::new);
    }
}
