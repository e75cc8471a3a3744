package io.termbus.app;

import io.termbus.bridge.BridgeContext;
import io.termbus.metrics.Gauge;
import io.termbus.metrics.Labels;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.FlowMessage;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How much there is of what in a hub at this moment: asked of its owners, who count it when they are asked. */
final class Figures {
    private static final String OTHER = "other";
    /** Of an event loop that has more to do than to answer; Prometheus waits for 10 s by default. */
    private static final DeliveryOptions SOON =
            new DeliveryOptions().setLocalOnly(true).setSendTimeout(5000);

    private static final List<String> ZONES = List.of("green", "yellow", "red");
    private static final List<String> TRANSPORTS = List.of("tcp", "unix", "websocket", "sockjs", "jvm", OTHER);

    private final EventBus bus;
    private final BridgeContext hub;

    /** @param bus of the hub */
    Figures(EventBus bus, BridgeContext hub) {
        this.bus = bus;
        this.hub = hub;
    }

    /** Fails where an owner does not answer in time, or there is none any more. */
    Future<List<Gauge>> ask() {
        Future<JsonObject> load = ask(Addresses.LOAD, "");
        List<Future<JsonObject>> flows = IntStream.range(0, hub.shards().count())
                .mapToObj(shard -> ask(Addresses.flowShard(shard), new FlowMessage.FiguresWanted()))
                .toList();
        return Future.all(Stream.concat(Stream.of(load), flows.stream()).toList())
                .map(all ->
                        gauges(load.result(), flows.stream().map(Future::result).toList()));
    }

    private Future<JsonObject> ask(String address, Object question) {
        return bus.<JsonObject>request(address, question, SOON).map(Message::body);
    }

    private List<Gauge> gauges(JsonObject load, List<JsonObject> flows) {
        return List.of(
                new Gauge(
                        "termbus_sessions",
                        "Sessions of this node.",
                        Labels.of("state", List.of("running", "exited")),
                        List.of(load.getLong("running"), load.getLong("exited"))),
                new Gauge(
                        "termbus_subscribers",
                        "Subscribers of this node.",
                        Labels.of("zone", ZONES).by("transport", TRANSPORTS),
                        ZONES.stream()
                                .flatMap(zone ->
                                        TRANSPORTS.stream().map(transport -> subscribers(flows, zone, transport)))
                                .toList()),
                new Gauge(
                        "termbus_unacked_bytes",
                        "Bytes that subscribers have been sent and have not acked.",
                        Labels.NONE,
                        List.of(flows.stream()
                                .mapToLong(flow -> flow.getLong("unackedBytes"))
                                .sum())),
                new Gauge("termbus_connections", "Connections of clients.", Labels.NONE, List.of((long)
                        hub.slots().taken())),
                new Gauge(
                        "termbus_http_connections",
                        "HTTP connections that are no WebSockets.",
                        Labels.NONE,
                        List.of((long) hub.httpSlots().taken())));
    }

    private static long subscribers(List<JsonObject> flows, String zone, String transport) {
        return flows.stream()
                .map(flow -> flow.getJsonObject("subscribers").getJsonObject(zone, new JsonObject()))
                .flatMap(JsonObject::stream)
                .filter(each -> transport.equals(TRANSPORTS.contains(each.getKey()) ? each.getKey() : OTHER))
                .mapToLong(each -> ((Number) each.getValue()).longValue())
                .sum();
    }
}
