package io.termbus.security;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;

/** Changes messages as a broken or a hostile client might. One thread. */
final class Mutations {
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1e308",
            "9223372036854775808",
            "\"\"",
            "[]",
            "{}",
            "[[[[[[[[{}]]]]]]]]",
            "\"\\u0000\\ud800\"",
            "\"login\"",
            "\"termbus.out.00x\"",
            "\"" + "x".repeat(5000) + "\"",
            "{\"a\":{\"b\":[1]}}");
    private static final List<String> FIELDS = List.of(
            "type",
            "address",
            "headers",
            "body",
            "replyAddress",
            "action",
            "data",
            "cols",
            "rows",
            "subscriber",
            "seq",
            "count",
            "session",
            "mode",
            "lag",
            "from",
            "scrollback",
            "signal",
            "token",
            "name",
            "format");
    private static final List<String> ACTIONS = List.of(
            "login",
            "info",
            "list",
            "input",
            "resize",
            "clear",
            "rename",
            "snapshot",
            "attach",
            "ack",
            "status",
            "detach",
            "kill",
            "killAll",
            "share",
            "revoke",
            "shares",
            "create",
            "",
            "toString");

    private final Random random;
    private final List<String> addresses;
    private final String session;
    private final String subscriber;

    Mutations(Random random, String session, String subscriber) {
        this.random = random;
        this.session = session;
        this.subscriber = subscriber;
        addresses = List.of(
                "termbus.hub",
                "termbus.flow",
                "termbus.session." + session,
                "termbus.session.",
                "termbus.out.",
                "termbus.out." + subscriber,
                "termbus.events",
                "termbus.warnings",
                "termbus.internal.flow.0",
                "termbus.internal.shares",
                "termbus.internal.session." + session,
                "__vertx.reply.1",
                "");
    }

    /** Says its seed, with which the run can be repeated. */
    static Random random(String test) {
        long seed = Long.getLong("termbus.fuzz.seed", System.nanoTime());
        System.out.println(test + ": -Dtermbus.fuzz.seed=" + seed);
        return new Random(seed);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A JSON object. */
    Buffer message() {
        String type = any(List.of("send", "send", "send", "publish", "register", "unregister", "ping", "rec"));
        StringBuilder json = new StringBuilder("{\"type\":\"" + type + "\",\"address\":\"" + any(addresses) + "\"");
        json.append(",\"headers\":{\"action\":\"").append(any(ACTIONS)).append("\"");
        if (random.nextInt(8) == 0) {
            json.append(",\"termbus-role\":\"admin\"");
        }
        json.append("},\"body\":{\"session\":\"")
                .append(session)
                .append("\",\"subscriber\":\"")
                .append(subscriber);
        json.append("\",\"data\":\"x\",\"cols\":80,\"rows\":24");
        for (int i = random.nextInt(3); i > 0; i--) {
            json.append(",\"").append(any(FIELDS)).append("\":").append(any(VALUES));
        }
        json.append("}");
        for (int i = random.nextInt(3); i > 0; i--) {
            json.append(",\"").append(any(FIELDS)).append("\":").append(any(VALUES));
        }
        return Buffer.buffer(json.append("}").toString());
    }

    /** Bytes that are no JSON object. */
    Buffer garbage() {
        byte[] bytes = new byte[1 + random.nextInt(300)];
        random.nextBytes(bytes);
        bytes[0] = '!';
        return Buffer.buffer(bytes);
    }
}
