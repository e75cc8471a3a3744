package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Messages that are almost right, and bytes that are none, over both bridges: 110,000 in all. */
@Timeout(180)
class FuzzTest {
    private static final int ROUNDS = 110;
    private static final int MESSAGES = 500;

    @TempDir
    Path directory;

    private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    private final Level auditLevel = ((Logger) LoggerFactory.getLogger("termbus.audit")).getLevel();
    private final ListAppender<ILoggingEvent> errors = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                super.append(event);
            }
        }
    };
    private RunningHub hub;

    @BeforeEach
    void start() throws Exception {
        errors.start();
        root.addAppender(errors);
        ((Logger) LoggerFactory.getLogger("termbus.audit")).setLevel(Level.OFF);
        ((Logger) LoggerFactory.getLogger("io.termbus")).setLevel(Level.ERROR);
        hub = new RunningHub(directory, "connection.maxRequestsPerSecond=1000000", "auth.maxFailures=1000000");
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
        root.detachAppender(errors);
        ((Logger) LoggerFactory.getLogger("termbus.audit")).setLevel(auditLevel);
        ((Logger) LoggerFactory.getLogger("io.termbus")).setLevel(null);
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatAClientSaysBreaksTheHub(Bridge bridge) throws Exception {
        long seed = Long.getLong("termbus.fuzz.seed", System.nanoTime());
        System.out.println("FuzzTest " + bridge + ": -Dtermbus.fuzz.seed=" + seed);
        Peer admin = hub.admin();
        String session = admin.create("cat");
        String token = admin.call(
                        "termbus.hub",
                        "share",
                        new JsonObject().put("session", session).put("role", "operator"))
                .getString("token");
        String subscriber = admin.attach(session, "write");
        Mutations mutations = new Mutations(new Random(seed), session, subscriber);

        int sent = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Peer peer = hub.connect(bridge);
            if (round % 4 != 0) {
                peer.login(token);
            }
            for (int i = 0; i < MESSAGES; i++) {
                peer.raw(mutations.message(), bridge);
                sent++;
            }
            peer.ask("termbus.hub", "info", new JsonObject());
            peer.raw(mutations.garbage(), bridge);
            if (bridge == Bridge.TCP) {
                peer.awaitClosed();
            } else {
                peer.ask("termbus.hub", "info", new JsonObject());
                peer.close();
            }
        }

        assertThat(sent).isEqualTo(ROUNDS * MESSAGES);
        assertThat(errors.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
        assertThat(admin.call("termbus.hub", "list", new JsonObject()).getJsonArray("sessions"))
                .hasSize(1);
        assertThat(admin.call("termbus.flow", "status", new JsonObject().put("subscriber", subscriber))
                        .getString("session"))
                .isEqualTo(session);
        assertThat(admin.call("termbus.session." + session, "info", new JsonObject())
                        .getString("state"))
                .isEqualTo("running");
    }

    /** Changes messages as a broken or a hostile client might. One thread. */
    private static final class Mutations {
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
}
