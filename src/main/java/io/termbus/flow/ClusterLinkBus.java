package io.termbus.flow;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.Check;
import io.termbus.protocol.LinkMessage.Checks;
import io.termbus.protocol.LinkMessage.FromEdge;
import io.termbus.protocol.LinkMessage.Open;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.LinkMessage.Positions;
import io.termbus.protocol.Operation;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The {@link LinkBus} on the clustered event bus. */
final class ClusterLinkBus implements LinkBus {
    /** To an owner that lives: it answers within milliseconds. */
    private static final long ANSWER_MILLIS = 2_000;

    private final EventBus bus;

    ClusterLinkBus(EventBus bus) {
        this.bus = bus;
    }

    @Override
    public Future<JsonObject> info(String session) {
        DeliveryOptions options =
                new DeliveryOptions().setSendTimeout(ANSWER_MILLIS).addHeader(Headers.ACTION, Operation.INFO.action());
        return bus.<JsonObject>request(Addresses.session(session), new JsonObject(), options)
                .map(Message::body);
    }

    @Override
    public Future<Position> open(String node, Open open) {
        return ask(Addresses.nodeFlow(node, 0), open);
    }

    @Override
    public Future<Position> ask(String address, FromEdge message) {
        return bus.<Position>request(address, message, LinkMessage.options().setSendTimeout(ANSWER_MILLIS))
                .map(Message::body);
    }

    @Override
    public Future<List<Position>> check(String address, List<Check> checks) {
        return bus.<Positions>request(
                        address, new Checks(checks), LinkMessage.options().setSendTimeout(ANSWER_MILLIS))
                .map(answer -> answer.body().all());
    }

    @Override
    public Future<LinkMessage.State> state(String address, LinkMessage.StateWanted wanted) {
        return bus.<LinkMessage.State>request(
                        address, wanted, LinkMessage.options().setSendTimeout(BusOutlet.SNAPSHOT_TIMEOUT_MILLIS))
                .map(Message::body);
    }

    @Override
    public void tell(String address, FromEdge message) {
        bus.send(address, message, LinkMessage.options());
    }
}
