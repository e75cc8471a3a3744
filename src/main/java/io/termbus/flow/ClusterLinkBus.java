package io.termbus.flow;

import io.termbus.flow.edge.LinkBus;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Headers;
import io.termbus.protocol.Ids;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.Check;
import io.termbus.protocol.LinkMessage.Checks;
import io.termbus.protocol.LinkMessage.FromEdge;
import io.termbus.protocol.LinkMessage.Open;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.LinkMessage.Positions;
import io.termbus.protocol.LinkMessage.Update;
import io.termbus.protocol.Operation;
import io.termbus.protocol.RemoteCalls;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The {@link LinkBus} on the clustered event bus. */
final class ClusterLinkBus implements LinkBus {
    /** Of what is asked again soon: an owner that lives answers within milliseconds. */
    private static final long ANSWER_MILLIS = 2_000;
    /**
     * Of what a client waits for, while the owner lives and may have much to do. An attach asks three questions, and its
     * client waits for 30 s.
     */
    private static final long PATIENT_MILLIS = 8_000;

    private final EventBus bus;
    private final RemoteCalls calls;

    ClusterLinkBus(EventBus bus, RemoteCalls calls) {
        this.bus = bus;
        this.calls = calls;
    }

    @Override
    public Future<JsonObject> info(String session) {
        DeliveryOptions options =
                new DeliveryOptions().setSendTimeout(PATIENT_MILLIS).addHeader(Headers.ACTION, Operation.INFO.action());
        return calls.<JsonObject>requestTwice(
                        Ids.ownerOf(session), Addresses.session(session), new JsonObject(), options)
                .map(Message::body);
    }

    @Override
    public Future<Position> open(String node, Open open) {
        return calls.<Position>requestTwice(
                        Ids.shortForm(node),
                        Addresses.nodeFlow(node, 0),
                        open,
                        LinkMessage.options().setSendTimeout(PATIENT_MILLIS))
                .map(Message::body);
    }

    @Override
    public Future<Position> reopen(String node, Open open) {
        return bus.<Position>request(
                        Addresses.nodeFlow(node, 0), open, LinkMessage.options().setSendTimeout(ANSWER_MILLIS))
                .map(Message::body);
    }

    @Override
    public Future<Position> update(String address, Update update) {
        return calls.<Position>request(
                        Ids.shortForm(Addresses.nodeOf(address)),
                        address,
                        update,
                        LinkMessage.options().setSendTimeout(PATIENT_MILLIS))
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
