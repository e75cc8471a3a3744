package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.termbus.audit.Audit;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who gets the file of a recording, and how. */
@Timeout(120)
class RecordingsTest {
    private static final JsonObject NOTHING = new JsonObject();

    @TempDir
    Path directory;

    private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private RunningHub hub;
    private Peer admin;
    private String session;
    private String recording;

    @BeforeEach
    void record() throws Exception {
        log.start();
        root.addAppender(log);
        hub = new RunningHub(directory, "record.mode=output");
        admin = hub.admin();
        session = admin.call(
                        "termbus.hub",
                        "create",
                        new JsonObject()
                                .put("command", new JsonArray(List.of("sh", "-c", "seq 1 100000")))
                                .put("record", true))
                .getString("id");
        recording = session + "-1";
        Awaitility.await()
                .until(() -> recordings(admin).size() == 1
                        && !recordings(admin).getJsonObject(0).getBoolean("live"));
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
        root.detachAppender(log);
    }

    private static JsonArray recordings(Peer peer) throws Exception {
        return peer.call("termbus.hub", "recordings", NOTHING).getJsonArray("recordings");
    }

    private HttpResponse<byte[]> get(String id, String token, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + hub.hub.httpPort() + "/recordings/" + id + ".cast"));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void anAdministratorGetsTheFileWholeCompressedAndInParts() throws Exception {
        HttpResponse<byte[]> whole = get(recording, RunningHub.TOKEN);
        byte[] file = whole.body();

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.headers().firstValue("content-type")).contains("application/x-asciicast");
        assertThat(whole.headers().firstValue("cache-control")).contains("private, no-store");
        assertThat(new String(file, StandardCharsets.UTF_8))
                .startsWith("{\"version\":3,")
                .contains("99999");
        HttpResponse<byte[]> zipped = get(recording, RunningHub.TOKEN, "Accept-Encoding", "br, gzip");
        assertThat(zipped.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(zipped.body().length).isLessThan(file.length / 2);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
                .isEqualTo(file);
        HttpResponse<byte[]> part = get(recording, RunningHub.TOKEN, "Range", "bytes=10-19", "Accept-Encoding", "gzip");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("content-range")).contains("bytes 10-19/" + file.length);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(file, 10, 20));
        assertThat(get(recording, RunningHub.TOKEN, "Range", "bytes=-7").body())
                .isEqualTo(Arrays.copyOfRange(file, file.length - 7, file.length));
        assertThat(get(recording, RunningHub.TOKEN, "Range", "bytes=0-999999999")
                        .body())
                .isEqualTo(file);
        assertThat(get(recording, RunningHub.TOKEN, "Range", "bytes=" + file.length + "-")
                        .statusCode())
                .isEqualTo(416);
        assertThat(get(recording, RunningHub.TOKEN, "Range", "bytes=-").statusCode())
                .isEqualTo(416);
        assertThat(get(recording, RunningHub.TOKEN, "Range", "lines=1-2").body())
                .isEqualTo(file);
        assertThat(pieces()).isEqualTo(file);
        assertThat(audit("recording.read")).hasSizeGreaterThan(5).allSatisfy(line -> {
            assertThat(line.getString("user")).isEqualTo("admin");
            assertThat(line.getString("recording")).isEqualTo(recording);
        });
    }

    private byte[] pieces() throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Long next = 0L;
        while (next != null) {
            JsonObject piece = admin.call(
                    "termbus.hub",
                    "recording",
                    new JsonObject().put("recording", recording).put("from", next));
            all.writeBytes(Base64.getDecoder().decode(piece.getString("data")));
            next = piece.getLong("next");
        }
        return all.toByteArray();
    }

    @Test
    void aShareOfTheSessionGetsItWhileItHoldsAndNobodyElse() throws Exception {
        JsonObject share = share(session, "viewer");
        String other = admin.create("cat");
        assertThat(get(recording, share.getString("token")).statusCode()).isEqualTo(200);
        Peer guest = hub.login(Bridge.TCP, share.getString("token"));
        assertThat(recordings(guest)).hasSize(1);
        assertThat(guest.refusal("termbus.hub", "deleteRecording", new JsonObject().put("recording", recording)))
                .isEqualTo(403);

        String others = share(other, "admin").getString("token");
        assertThat(get(recording, others).statusCode()).isEqualTo(404);
        assertThat(recordings(hub.login(Bridge.TCP, others))).isEmpty();
        String operator = admin.call("termbus.hub", "share", new JsonObject().put("role", "operator"))
                .getString("token");
        assertThat(get(recording, operator).statusCode()).isEqualTo(403);
        assertThat(hub.login(Bridge.TCP, operator).refusal("termbus.hub", "recordings", NOTHING))
                .isEqualTo(403);
        assertThat(get(recording, "").statusCode()).isEqualTo(401);
        assertThat(get(recording, "a-wrong-token-of-somebody").statusCode()).isEqualTo(401);
        assertThat(get(session + "-2", RunningHub.TOKEN).statusCode()).isEqualTo(404);
        assertThat(get("..%2f..%2ftoken", RunningHub.TOKEN).statusCode()).isEqualTo(404);

        admin.call("termbus.hub", "revoke", new JsonObject().put("id", share.getString("id")));
        assertThat(get(recording, share.getString("token")).statusCode()).isEqualTo(401);
    }

    @Test
    void whatCannotBeReadIsRefusedInWords() throws Exception {
        JsonObject beyond = new JsonObject().put("recording", recording).put("from", Long.MAX_VALUE);
        assertThat(admin.refusal("termbus.hub", "recording", beyond)).isEqualTo(400);

        JsonObject there = new JsonObject().put("recording", recording).put("atMs", 0);
        Path file = directory.resolve("home").resolve("recordings").resolve(recording + ".cast");
        Files.writeString(file, "no recording");
        Files.delete(file.resolveSibling(recording + ".idx"));
        assertThat(admin.refusal("termbus.hub", "seek", there)).isEqualTo(409);
        assertThat(get(recording, RunningHub.TOKEN).statusCode()).isEqualTo(409);
        assertThat(recordings(admin)).isEmpty();
        Files.delete(file);
        assertThat(admin.refusal("termbus.hub", "seek", there)).isEqualTo(404);
    }

    @Test
    void whoSeeksAndWhoDeletesIsInTheAuditLog() throws Exception {
        admin.call(
                "termbus.hub",
                "seek",
                new JsonObject().put("recording", recording).put("atMs", 100));
        admin.call("termbus.hub", "deleteRecording", new JsonObject().put("recording", recording));
        admin.create("cat");

        for (String event : List.of("seek", "deleteRecording")) {
            assertThat(audit(event)).as(event).hasSize(1);
            assertThat(audit(event).get(0).getString("recording")).isEqualTo(recording);
        }
        assertThat(get(recording, RunningHub.TOKEN).statusCode()).isEqualTo(404);
    }

    private JsonObject share(String of, String role) throws Exception {
        return admin.call(
                "termbus.hub", "share", new JsonObject().put("session", of).put("role", role));
    }

    private List<JsonObject> audit(String event) {
        return List.copyOf(log.list).stream()
                .filter(each -> each.getLoggerName().equals(Audit.LOGGER))
                .map(each -> new JsonObject(each.getFormattedMessage()))
                .filter(each -> each.getString("event").equals(event))
                .toList();
    }
}
