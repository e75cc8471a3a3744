package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.config.TestConfig;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.Headers;
import io.termbus.record.RecordingFiles;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Recording as clients ask for it. */
@Timeout(60)
class RecordingTest {
    @TempDir
    Path home;

    private BusHub hub;

    private void begin(String... settings) {
        hub = new BusHub(new RecordingFiles(
                home.resolve("recordings"), TestConfig.of(settings).record(), InstantSource.system()));
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void everybodyIsToldThatASessionIsRecordedAndThatItIsNoMore() {
        begin("record.mode=output");
        List<JsonObject> events = new CopyOnWriteArrayList<>();
        hub.vertx.eventBus().<JsonObject>localConsumer(Addresses.EVENTS, event -> events.add(event.body()));
        String id = hub.sh("cat");
        BusHub.Viewer viewer = hub.attach(id);
        assertThat(info(id).containsKey("recording")).isFalse();

        String recording = record(id, true).getString("recording");
        assertThat(record(id, true).getString("recording")).isEqualTo(recording);
        BusHub.until(() -> viewer.notices(Delivery.Kind.RECORDING).size() == 1);

        assertThat(info(id).getJsonObject("recording"))
                .isEqualTo(new JsonObject().put("id", recording).put("mode", "output"));
        record(id, false);
        BusHub.until(() -> viewer.notices(Delivery.Kind.RECORDING).size() == 2);

        assertThat(viewer.notices(Delivery.Kind.RECORDING))
                .containsExactly(
                        new JsonObject()
                                .put("on", true)
                                .put("recording", recording)
                                .put("mode", "output"),
                        new JsonObject().put("on", false).put("reason", "stopped"));
        BusHub.until(
                () -> events.stream().anyMatch(each -> each.getString("event").equals("recording.ended")));
        assertThat(events)
                .filteredOn(each -> each.getString("event").startsWith("recording."))
                .extracting(each ->
                        each.getString("event") + " " + each.getString("recording") + " " + each.getString("reason"))
                .containsExactly(
                        "recording.started " + recording + " null", "recording.ended " + recording + " stopped");
        assertThat(info(id).containsKey("recording")).isFalse();
    }

    /** Who looks into them waits for the others who do, and the rest for none. */
    @Test
    void theListDoesNotWaitForWhoSeeks() throws Exception {
        begin("record.mode=output");
        String recording = record(hub.sh("cat"), true).getString("recording");
        CountDownLatch goesOn = new CountDownLatch(1);
        WorkerExecutor playback = hub.vertx.createSharedWorkerExecutor("termbus-playback", 1);
        Future<Boolean> busy = playback.executeBlocking(() -> goesOn.await(20, TimeUnit.SECONDS), false);

        List<Future<Message<JsonObject>>> seeks = List.of(seek(recording), seek(recording));
        assertThatThrownBy(() -> BusHub.await(seek(recording)))
                .satisfies(cause -> assertThat(codeOf(cause)).isEqualTo(429));
        assertThat(list()).hasSize(1);
        assertThat(seeks).noneMatch(Future::isComplete);

        goesOn.countDown();
        BusHub.until(() -> seeks.stream().allMatch(Future::succeeded));
        assertThat(busy.result()).isTrue();
    }

    private Future<Message<JsonObject>> seek(String recording) {
        DeliveryOptions options = new DeliveryOptions()
                .addHeader(Headers.ACTION, "seek")
                .addHeader(Headers.ROLE, "admin")
                .addHeader(Headers.USER, "anna");
        JsonObject first = new JsonObject().put("recording", recording).put("atMs", 0);
        return hub.vertx.eventBus().request(Addresses.HUB, first, options);
    }

    @Test
    void withoutTheSettingNothingIsRecorded() {
        begin();
        String id = hub.sh("cat");

        refused(409, Addresses.session(id), "record", new JsonObject());
        refused(409, Addresses.HUB, "create", new JsonObject().put("record", true));
        assertThat(home.resolve("recordings")).doesNotExist();
        assertThat(list()).isEmpty();
    }

    @Test
    void onlyAnAdministratorEndsWhatIsRecordedOfAllSessions() {
        begin("record.mode=output", "record.sessions=all");
        String id = hub.sh("cat");
        BusHub.until(() -> info(id).containsKey("recording"));

        assertThatThrownBy(() -> ask("operator", Addresses.session(id), "record", new JsonObject().put("on", false)))
                .satisfies(cause -> assertThat(codeOf(cause)).isEqualTo(403));
        assertThat(info(id).containsKey("recording")).isTrue();

        ask("admin", Addresses.session(id), "record", new JsonObject().put("on", false));
        BusHub.until(() -> !info(id).containsKey("recording"));
    }

    @Test
    void aRecordingIsSeenByAdministratorsAndByTokensForItsSession() {
        begin("record.mode=output");
        String id = hub.create(new JsonObject()
                        .put("command", new JsonArray(List.of("sh", "-c", "printf hello; exit 3")))
                        .put("record", true))
                .getString("id");
        BusHub.until(() -> list().size() == 1 && !list().get(0).getBoolean("live"));
        JsonObject wanted = new JsonObject().put("recording", id + "-1").put("atMs", 1 << 30);

        assertThat(ask("viewer", id, "seek", wanted).getString("data")).contains("hello");
        assertThat(ask("admin", Addresses.HUB, "seek", wanted.copy().put("format", "text"))
                        .getString("data"))
                .startsWith("hello\n");
        assertThat(ask("viewer", id, "recordings", new JsonObject()).getJsonArray("recordings"))
                .hasSize(1);
        assertThat(ask("viewer", "another", "recordings", new JsonObject()).getJsonArray("recordings"))
                .isEmpty();
        assertThatThrownBy(() -> ask("operator", Addresses.HUB, "recordings", new JsonObject()))
                .satisfies(cause -> assertThat(codeOf(cause)).isEqualTo(403));
        assertThatThrownBy(() -> ask("viewer", "another", "seek", wanted))
                .satisfies(cause -> assertThat(codeOf(cause)).isEqualTo(404));
        refused(
                404,
                Addresses.HUB,
                "seek",
                new JsonObject().put("recording", "../token").put("atMs", 0));
        refused(404, Addresses.HUB, "recording", new JsonObject().put("recording", id + "-2"));
        refused(400, Addresses.HUB, "seek", new JsonObject().put("recording", id + "-1"));

        hub.call(Addresses.HUB, "deleteRecording", new JsonObject().put("recording", id + "-1"));
        assertThat(list()).isEmpty();
    }

    /** A password is typed into a terminal that edits lines and does not echo. */
    @Test
    void whatIsTypedIsRecordedButForPasswords() throws IOException {
        begin("record.mode=input");
        String id = hub.create(new JsonObject()
                        .put(
                                "command",
                                new JsonArray(List.of(
                                        "sh",
                                        "-c",
                                        "read a; stty -echo; printf 'Password: '; read b; stty echo; printf again; read c;"
                                                + " stty -icanon -echo; printf raw; read d")))
                        .put("record", true))
                .getString("id");
        BusHub.Viewer viewer = hub.attach(id);
        BusHub.until(() -> info(id).containsKey("recording"));
        type(id, "shown\r");
        viewer.untilText("Password: ");
        type(id, "secret\r");
        viewer.untilText("again");
        type(id, "more\r");
        viewer.untilText("raw");
        type(id, "keys\n");
        viewer.untilExit();
        BusHub.until(() -> !info(id).containsKey("recording"));

        String cast = Files.readString(home.resolve("recordings").resolve(id + "-1.cast"));

        assertThat(cast).contains("\"i\", \"shown\\r\"", "\"i\", \"more\\r\"", "\"i\", \"keys\\n\"", "\"x\", \"0\"");
        assertThat(cast).doesNotContain("secret");
    }

    @Test
    void inModeOutputNothingThatIsTypedIsRecorded() throws IOException {
        begin("record.mode=output", "record.sessions=all");
        String id = hub.sh("stty -icanon -echo; printf raw; read d");
        BusHub.Viewer viewer = hub.attach(id);
        BusHub.until(() -> info(id).containsKey("recording"));
        viewer.untilText("raw");
        type(id, "keys\n");
        viewer.untilExit();
        BusHub.until(() -> !info(id).containsKey("recording"));

        assertThat(Files.readString(home.resolve("recordings").resolve(id + "-1.cast")))
                .doesNotContain("keys");
    }

    private void type(String id, String keys) {
        hub.call(Addresses.session(id), "input", new JsonObject().put("data", keys));
    }

    private JsonObject record(String id, boolean on) {
        return hub.call(Addresses.session(id), "record", new JsonObject().put("on", on));
    }

    private JsonObject info(String id) {
        return hub.call(Addresses.session(id), "info", new JsonObject());
    }

    private List<JsonObject> list() {
        return hub.call(Addresses.HUB, "recordings", new JsonObject()).getJsonArray("recordings").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** @param to an address, or the one session that the token is for */
    private JsonObject ask(String role, String to, String action, JsonObject body) {
        boolean address = to.startsWith("termbus.");
        DeliveryOptions options = new DeliveryOptions()
                .addHeader(Headers.ACTION, action)
                .addHeader(Headers.ROLE, role)
                .setSendTimeout(BusHub.LIMIT.toMillis());
        if (!address) {
            options.addHeader(Headers.REACH, to);
        }
        return BusHub.await(hub.vertx
                .eventBus()
                .<JsonObject>request(address ? to : Addresses.HUB, body, options)
                .map(Message::body));
    }

    private void refused(int code, String address, String action, JsonObject body) {
        assertThatThrownBy(() -> hub.call(address, action, body))
                .satisfies(cause -> assertThat(codeOf(cause)).isEqualTo(code));
    }

    private static int codeOf(Throwable cause) {
        return ((ReplyException) cause.getCause()).failureCode();
    }
}
