package io.termbus.cluster;

import io.vertx.core.Future;

/** What runs on a node of a cluster beside the hub itself. */
public final class ClusterVerticles {
    private ClusterVerticles() {}

    /** Deploys what answers at {@code termbus.hub} and what relays events. Flow control and sessions come before. */
    public static Future<Void> deploy(ClusterNode node) {
        return Future.all(
                        node.vertx().deployVerticle(new HubRouter(node)),
                        node.vertx().deployVerticle(new EventRelay(node)),
                        node.vertx().deployVerticle(new StrangerAlarm(node::strangers, StrangerAlarm.EVERY)))
                .mapEmpty();
    }
}
