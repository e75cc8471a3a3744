package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many commands at once cost as much as a few; each is answered. */
@Timeout(60)
class CommandBurstTest {
    private static final int MANY = 2000;

    private final BusHub hub = new BusHub();
    private final List<JsonObject> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        hub.close();
    }

    private void listen() {
        BusHub.await(hub.vertx
                .eventBus()
                .<JsonObject>localConsumer(Addresses.EVENTS, message -> events.add(message.body()))
                .completion());
    }

    private long count(String event) {
        return events.stream()
                .filter(each -> event.equals(each.getString("event")))
                .count();
    }

    /** All but the last are one of the others. */
    private void burst(String session, String action, JsonObject last, JsonObject... others) {
        List<Future<JsonObject>> answers = new ArrayList<>();
        for (int i = 1; i < MANY; i++) {
            answers.add(hub.ask(Addresses.session(session), action, others[i % others.length]));
        }
        answers.add(hub.ask(Addresses.session(session), action, last));
        BusHub.await(Future.all(answers));
    }

    private static JsonObject size(int cols, int rows) {
        return new JsonObject().put("cols", cols).put("rows", rows);
    }

    @Test
    void ofManyResizesTheNewestIsTheProgramsAndTheSubscribersSize() {
        listen();
        String session = hub.sh("trap 'stty size' WINCH; while :; do sleep 0.02; done");
        BusHub.Viewer viewer = hub.attach(session);

        burst(session, "resize", size(91, 31), size(80, 24), size(81, 25));

        JsonObject info = hub.call(Addresses.session(session), "info", new JsonObject());
        assertThat(info.getInteger("cols")).isEqualTo(91);
        viewer.untilText("31 91");
        BusHub.until(() -> viewer.notices(Delivery.Kind.RESIZE).contains(size(91, 31)));
        JsonObject snapshot = hub.call(Addresses.session(session), "snapshot", new JsonObject());
        assertThat(snapshot.getInteger("cols")).isEqualTo(91);
        assertThat(snapshot.getInteger("rows")).isEqualTo(31);
        assertThat(count("session.resized")).isLessThan(MANY / 4);
    }

    @Test
    void ofManyNamesTheNewestIsTold() {
        listen();
        String session = hub.sh("sleep 60");

        burst(
                session,
                "rename",
                new JsonObject().put("name", "last"),
                new JsonObject().put("name", "one"),
                new JsonObject().put("name", "other"));

        BusHub.until(() -> events.stream()
                .anyMatch(each -> "session.renamed".equals(each.getString("event"))
                        && "last".equals(each.getJsonObject("info").getString("name"))));
        assertThat(count("session.renamed")).isLessThan(MANY / 4);
    }

    @Test
    void aLongCommandIsShortenedInListingsAndEventsOnly() {
        listen();
        String script = "sleep 60 #" + "x".repeat(100_000);
        JsonObject created = hub.create(new JsonObject().put("command", new JsonArray(List.of("sh", "-c", script))));
        JsonObject listed = hub.call(Addresses.HUB, "list", new JsonObject())
                .getJsonArray("sessions")
                .getJsonObject(0);
        JsonObject info = hub.call(Addresses.session(created.getString("id")), "info", new JsonObject());

        assertThat(created.getJsonArray("command").getString(2)).isEqualTo(script);
        assertThat(info.getJsonArray("command").getString(2)).isEqualTo(script);
        assertThat(info.containsKey("commandShortened")).isFalse();
        assertThat(listed.getBoolean("commandShortened")).isTrue();
        assertThat(listed.encode().length()).isLessThan(10_000);
        assertThat(listed.getJsonArray("command").getString(2))
                .startsWith("sleep 60 #xxx")
                .endsWith("x…");
        assertThat(events)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.encode().length()).isLessThan(10_000));
    }
}
