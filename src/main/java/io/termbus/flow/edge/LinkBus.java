package io.termbus.flow.edge;

import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.Check;
import io.termbus.protocol.LinkMessage.FromEdge;
import io.termbus.protocol.LinkMessage.Open;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.LinkMessage.Update;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Port from links to the cluster. Futures complete on the caller's event loop; they fail with a
 * {@link io.vertx.core.eventbus.ReplyException} or a {@link io.termbus.protocol.HubException}, in bounded time.
 */
public interface LinkBus {
    /** The session as its owner describes it. */
    Future<JsonObject> info(String session);

    /** For clients that wait. @param node the owner */
    Future<Position> open(String node, Open open);

    /** For a link that was lost: another attempt comes soon. */
    Future<Position> reopen(String node, Open open);

    /** For a client that waits. */
    Future<Position> update(String address, Update update);

    /** @return of those links that are known there */
    Future<List<Position>> check(String address, List<Check> checks);

    Future<LinkMessage.State> state(String address, LinkMessage.StateWanted wanted);

    /** Sends and forgets. */
    void tell(String address, FromEdge message);
}
