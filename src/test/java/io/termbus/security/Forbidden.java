package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;

/** What is refused with 403 to whom, over whatever transport. */
final class Forbidden {
    private static final JsonObject NOTHING = new JsonObject();

    private Forbidden() {}

    /** @param viewer of that session */
    static void toViewers(Peer viewer, String session) throws Exception {
        String address = "termbus.session." + session;
        is(viewer, address, "input", new JsonObject().put("data", "x"));
        is(viewer, address, "resize", new JsonObject().put("cols", 9).put("rows", 9));
        is(viewer, address, "signal", new JsonObject().put("signal", "KILL"));
        is(viewer, address, "kill", NOTHING);
        is(viewer, address, "clear", NOTHING);
        is(viewer, address, "rename", new JsonObject().put("name", "x"));
        for (String action : new String[] {"create", "killAll", "share", "revoke", "shares"}) {
            is(viewer, "termbus.hub", action, NOTHING);
        }
        is(
                viewer,
                "termbus.flow",
                "attach",
                new JsonObject().put("session", session).put("mode", "write"));
    }

    /** @param subscriber of another connection */
    static void toStrangers(Peer stranger, String subscriber) throws Exception {
        String address = "termbus.out." + subscriber;
        stranger.say(new JsonObject().put("type", "register").put("address", address));
        JsonObject refusal = stranger.next(frame -> "err".equals(frame.getString("type")));
        assertThat(refusal.getInteger("failureCode")).isEqualTo(403);
        assertThat(refusal.getString("address")).isEqualTo(address);
        for (String action : new String[] {"ack", "status", "detach"}) {
            is(
                    stranger,
                    "termbus.flow",
                    action,
                    new JsonObject().put("subscriber", subscriber).put("seq", 1));
        }
        for (String inside :
                new String[] {"termbus.internal.shares", "termbus.internal.hub", "termbus.internal.flow.0"}) {
            is(stranger, inside, "share", NOTHING);
        }
    }

    private static void is(Peer peer, String address, String action, JsonObject body) throws Exception {
        assertThat(peer.refusal(address, action, body))
                .as("%s %s", address, action)
                .isEqualTo(403);
    }
}
