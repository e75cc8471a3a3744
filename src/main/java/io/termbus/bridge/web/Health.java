package io.termbus.bridge.web;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers those who look after the process: whether it is well, and whether it should be sent new work. Without login. */
final class Health {

    private final EventBus bus;

    Health(EventBus bus) {
        this.bus = bus;
    }

    /** In a cluster also how it is there. 503 where it has been out of it for long, and cannot come back by itself. */
    void alive(RoutingContext rc) {
        cluster().onSuccess(cluster -> {
            boolean well = cluster.map(it -> it.getBoolean("well")).orElse(true);
            JsonObject health = new JsonObject().put("status", well ? "up" : "out of the cluster");
            cluster.ifPresent(it -> health.put("cluster", it));
            answer(rc, well, health);
        });
    }

    /**
     * 503 where it is to take no new sessions or cannot, and where it has just lost all of its cluster. Not where it has as many
     * sessions as it may: who looks after those would not reach it any more.
     */
    void ready(RoutingContext rc) {
        Future<Optional<JsonObject>> load = ask(Addresses.LOAD);
        load.compose(known -> cluster().map(cluster -> reasons(known, cluster))).onSuccess(reasons -> {
            JsonObject said = new JsonObject().put("status", reasons.isEmpty() ? "ready" : "not ready");
            if (!reasons.isEmpty()) {
                said.put("reasons", new JsonArray(reasons));
            }
            answer(rc, reasons.isEmpty(), said);
        });
    }

    private static List<String> reasons(Optional<JsonObject> load, Optional<JsonObject> cluster) {
        List<String> reasons = new ArrayList<>();
        if (load.isEmpty()) {
            reasons.add("stopping");
        } else if (load.get().getBoolean("draining")) {
            reasons.add("draining");
        } else if (load.get().getBoolean("exhausted")) {
            reasons.add("exhausted");
        }
        if (cluster.filter(it -> it.getBoolean("alone")).isPresent()) {
            reasons.add("alone");
        }
        return reasons;
    }

    private Future<Optional<JsonObject>> cluster() {
        return ask(Addresses.HEALTH);
    }

    /** Empty: nobody answers there. */
    private Future<Optional<JsonObject>> ask(String address) {
        return bus.<JsonObject>request(address, "", LOCAL)
                .map(Message::body)
                .map(Optional::of)
                .otherwise(Optional.empty());
    }

    private static void answer(RoutingContext rc, boolean well, JsonObject body) {
        rc.response()
                .setStatusCode(well ? 200 : ErrorCode.UNAVAILABLE.code())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        Responses.end(rc, body.encode());
    }
}
