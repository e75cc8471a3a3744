package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Share tokens: what they give, to whom, and how they end. */
@Timeout(180)
class ShareTest {
    private static final String HUB = "termbus.hub";
    private static final JsonObject NOTHING = new JsonObject();

    @TempDir
    Path directory;

    private RunningHub hub;
    private Peer admin;
    private String session;
    private String other;

    @BeforeEach
    void start() throws Exception {
        hub = new RunningHub(directory);
        admin = hub.admin();
        session = admin.create("cat");
        other = admin.create("cat");
    }

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private JsonObject share(String role) throws Exception {
        return admin.call(HUB, "share", new JsonObject().put("session", session).put("role", role));
    }

    private static JsonObject of(String id) {
        return new JsonObject().put("session", id).put("mode", "read");
    }

    @ParameterizedTest
    @EnumSource
    void aViewerNeverWritesResizesSignalsOrKills(Bridge bridge) throws Exception {
        Peer viewer = hub.login(bridge, share("viewer").getString("token"));
        String address = "termbus.session." + session;

        Forbidden.toViewers(viewer, session);
        viewer.attach(session, "read");
        viewer.delivery("snapshot");
        JsonObject info = admin.call(address, "info", NOTHING);
        assertThat(info.getInteger("cols")).isEqualTo(80);
        assertThat(info.getString("state")).isEqualTo("running");
    }

    @ParameterizedTest
    @EnumSource
    void aTokenForOneSessionSeesNoOther(Bridge bridge) throws Exception {
        Peer peer = hub.login(bridge, share("admin").getString("token"));

        assertThat(peer.call(HUB, "list", NOTHING).getJsonArray("sessions"))
                .extracting(each -> ((JsonObject) each).getString("id"))
                .containsExactly(session);
        assertThat(peer.refusal("termbus.session." + other, "info", NOTHING)).isEqualTo(404);
        assertThat(peer.refusal("termbus.session." + other, "kill", NOTHING)).isEqualTo(404);
        assertThat(peer.refusal("termbus.flow", "attach", of(other))).isEqualTo(404);
        assertThat(peer.refusal(HUB, "killAll", NOTHING)).isEqualTo(403);
        assertThat(peer.refusal(HUB, "create", NOTHING)).isEqualTo(403);
        String othersSubscriber = admin.attach(other, "read");
        assertThat(peer.refusal("termbus.flow", "detach", new JsonObject().put("subscriber", othersSubscriber)))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @EnumSource
    void pagesOfATokenForOneSessionNameNoOther(Bridge bridge) throws Exception {
        Peer peer = hub.login(bridge, share("admin").getString("token"));
        JsonObject whole = admin.call(HUB, "list", NOTHING);
        assertThat(whole.getJsonArray("sessions")).hasSizeGreaterThan(1);

        JsonObject page = peer.call(HUB, "list", new JsonObject().put("limit", 1));

        assertThat(page.getJsonArray("sessions"))
                .extracting(each -> ((JsonObject) each).getString("id"))
                .containsExactly(session);
        assertThat(page.containsKey("next")).isFalse();
        assertThat(peer.refusal(HUB, "list", new JsonObject().put("limit", 0))).isEqualTo(400);
    }

    @ParameterizedTest
    @EnumSource
    void eventsOfOtherSessionsDoNotReachATokenForOne(Bridge bridge) throws Exception {
        Peer peer = hub.login(bridge, share("admin").getString("token"));
        peer.say(new JsonObject().put("type", "register").put("address", "termbus.events"));
        peer.call(HUB, "info", NOTHING);

        admin.call("termbus.session." + other, "rename", new JsonObject().put("name", "hidden"));
        admin.call("termbus.session." + session, "rename", new JsonObject().put("name", "shown"));

        JsonObject first = peer.next(frame -> "termbus.events".equals(frame.getString("address")));
        assertThat(first.getJsonObject("body").getString("session")).isEqualTo(session);
    }

    @ParameterizedTest
    @EnumSource
    void aRevokedTokensConnectionsLoseAccessWithinASecond(Bridge bridge) throws Exception {
        InTime.withinASecond(() -> {
            JsonObject share = share("operator");
            Peer peer = hub.login(bridge, share.getString("token"));
            peer.attach(session, "write");
            peer.delivery("snapshot");

            long before = System.nanoTime();
            admin.call(HUB, "revoke", new JsonObject().put("id", share.getString("id")));

            assertThat(peer.delivery("disconnected").getJsonObject("body").getString("reason"))
                    .isEqualTo("kicked");
            assertThat(peer.next(frame -> "err".equals(frame.getString("type"))).getInteger("failureCode"))
                    .isEqualTo(401);
            peer.awaitClosed();
            Duration taken = Duration.ofNanos(System.nanoTime() - before);
            loginIsRefused(bridge, share);
            return taken;
        });
    }

    private void loginIsRefused(Bridge bridge, JsonObject share) throws Exception {
        assertThat(hub.connect(bridge).refusal(HUB, "login", new JsonObject().put("token", share.getString("token"))))
                .isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource
    void anExpiredTokensConnectionsLoseAccessWithinASecond(Bridge bridge) throws Exception {
        InTime.withinASecond(() -> {
            JsonObject share = admin.call(
                    HUB, "share", new JsonObject().put("role", "viewer").put("expiresInSeconds", 2));
            Peer peer = hub.login(bridge, share.getString("token"));

            assertThat(peer.next(frame -> "err".equals(frame.getString("type"))).getString("message"))
                    .contains("expired");
            peer.awaitClosed();

            Duration taken = Duration.between(Instant.parse(share.getString("expiresAt")), Instant.now());
            assertThat(taken).isGreaterThanOrEqualTo(Duration.ZERO);
            loginIsRefused(bridge, share);
            return taken;
        });
    }

    @Test
    void aTokenThatWasTamperedWithIsNone() throws Exception {
        String token = share("viewer").getString("token");
        String[] parts = token.split("\\.");
        String unsigned = base64("{\"alg\":\"none\",\"typ\":\"JWT\"}");
        String raised = base64(
                new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8).replace("viewer", "admin"));

        for (String forged : new String[] {
            unsigned + "." + parts[1] + ".",
            unsigned + "." + raised + ".",
            parts[0] + "." + raised + "." + parts[2],
            parts[0] + "." + parts[1] + ".",
            parts[0] + "." + parts[1],
            "..",
            "",
            "a"
        }) {
            Peer peer = hub.connect(Bridge.TCP);
            assertThat(peer.refusal(HUB, "login", new JsonObject().put("token", forged)))
                    .isEqualTo(401);
            peer.close();
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void sharesAreListedWithoutTheirTokens() throws Exception {
        JsonObject share = share("viewer");

        JsonObject listed = admin.call(HUB, "shares", NOTHING);

        assertThat(listed.encode()).contains(share.getString("id")).doesNotContain(share.getString("token"));
        admin.call(HUB, "revoke", new JsonObject().put("id", share.getString("id")));
        assertThat(admin.call(HUB, "shares", NOTHING).getJsonArray("shares")).isEmpty();
        assertThat(admin.refusal(HUB, "revoke", new JsonObject().put("id", share.getString("id"))))
                .isEqualTo(404);
    }

    @Test
    void aShareOfASessionThatIsNotThereIsRefused() throws Exception {
        assertThat(admin.refusal(HUB, "share", new JsonObject().put("session", "absent")))
                .isEqualTo(404);
        assertThat(admin.refusal(HUB, "share", new JsonObject().put("role", "owner")))
                .isEqualTo(400);
        assertThat(admin.refusal(HUB, "share", new JsonObject().put("expiresInSeconds", 0)))
                .isEqualTo(400);
    }

    @Test
    void aSharedAdminCannotShareOn() throws Exception {
        String token =
                admin.call(HUB, "share", new JsonObject().put("role", "admin")).getString("token");
        Peer peer = hub.login(Bridge.WEBSOCKET, token);

        assertThat(peer.refusal(HUB, "share", NOTHING)).isEqualTo(403);
        assertThat(peer.refusal(HUB, "shares", NOTHING)).isEqualTo(403);
        assertThat(peer.call(HUB, "create", NOTHING).getString("id")).isNotEmpty();
    }

    @Test
    void sharesAndRevocationsOutliveTheHubAndTheirFilesArePrivate() throws Exception {
        JsonObject kept = admin.call(HUB, "share", new JsonObject().put("role", "viewer"));
        JsonObject gone = admin.call(HUB, "share", new JsonObject().put("role", "viewer"));
        admin.call(HUB, "revoke", new JsonObject().put("id", gone.getString("id")));
        for (String file : new String[] {"share.key", "shares.json"}) {
            Path path = directory.resolve("home").resolve(file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(path)).doesNotContain(kept.getString("token"));
        }
        hub.close();

        hub = new RunningHub(directory);

        hub.login(Bridge.TCP, kept.getString("token"));
        assertThat(hub.connect(Bridge.TCP)
                        .refusal(HUB, "login", new JsonObject().put("token", gone.getString("token"))))
                .isEqualTo(401);
    }

    @Test
    void whatIsNotOnTheDiskIsNotDoneAndCanBeTriedAgain() throws Exception {
        JsonObject share = admin.call(HUB, "share", new JsonObject().put("role", "viewer"));
        JsonObject id = new JsonObject().put("id", share.getString("id"));
        Path file = directory.resolve("home").resolve("shares.json");
        String before = Files.readString(file);
        Files.delete(file);
        Path inTheWay = Files.createFile(Files.createDirectory(file).resolve("in-the-way"));

        for (int i = 0; i < 2; i++) {
            JsonObject refusal = admin.ask(HUB, "revoke", id);
            assertThat(refusal.getInteger("failureCode")).isEqualTo(500);
            assertThat(refusal.getString("message")).contains("shares.json", "revoke it again");
        }
        assertThat(admin.ask(HUB, "share", NOTHING).getInteger("failureCode")).isEqualTo(500);
        loginIsRefused(Bridge.TCP, share);
        try (var files = Files.list(directory.resolve("home"))) {
            assertThat(files.map(each -> each.getFileName().toString())).noneMatch(name -> name.endsWith(".new"));
        }

        Files.delete(inTheWay);
        Files.delete(file);
        Files.writeString(file, before);
        admin.call(HUB, "revoke", id);
        assertThat(Files.readString(file)).doesNotContain(share.getString("id"));
        assertThat(admin.refusal(HUB, "revoke", id)).isEqualTo(404);
        hub.close();
        hub = new RunningHub(directory);
        loginIsRefused(Bridge.TCP, share);
    }

    @Test
    void aRevocationThatCouldNotBeWrittenIsWrittenBeforeTheHubEnds() throws Exception {
        JsonObject share = admin.call(HUB, "share", new JsonObject().put("role", "viewer"));
        Path file = directory.resolve("home").resolve("shares.json");
        Path kept = Files.move(file, directory.resolve("kept"));
        Files.createFile(Files.createDirectory(file).resolve("in-the-way"));
        assertThat(admin.refusal(HUB, "revoke", new JsonObject().put("id", share.getString("id"))))
                .isEqualTo(500);
        Files.delete(file.resolve("in-the-way"));
        Files.delete(file);
        Files.move(kept, file);

        hub.close();

        hub = new RunningHub(directory);
        loginIsRefused(Bridge.TCP, share);
    }

    @Test
    void onlyWhoMayWriteHoldsTheProgramBack() throws Exception {
        JsonObject block =
                new JsonObject().put("session", session).put("mode", "read").put("lag", "block");
        Peer viewer = hub.login(Bridge.TCP, share("viewer").getString("token"));
        JsonObject refusal = viewer.ask("termbus.flow", "attach", block);
        assertThat(refusal.getInteger("failureCode")).isEqualTo(403);
        assertThat(refusal.getString("message")).contains("'lag'", "viewersMayBlock");
        Peer operator = hub.login(Bridge.TCP, share("operator").getString("token"));
        operator.call("termbus.flow", "attach", block);
        for (Peer each : new Peer[] {viewer, operator}) {
            assertThat(each.refusal("termbus.flow", "attach", block.copy().put("hold", "unlimited")))
                    .isEqualTo(403);
        }
        admin.call("termbus.flow", "attach", block.copy().put("hold", "unlimited"));

        JsonObject open =
                new JsonObject().put("command", new JsonArray().add("cat")).put("viewersMayBlock", true);
        JsonObject made = admin.call(HUB, "create", open);
        assertThat(made.getBoolean("viewersMayBlock")).isTrue();
        Peer all = hub.login(Bridge.WEBSOCKET, admin.call(HUB, "share", NOTHING).getString("token"));
        all.call("termbus.flow", "attach", block.copy().put("session", made.getString("id")));
        assertThat(all.refusal("termbus.flow", "attach", block.copy().put("session", "absent")))
                .isEqualTo(404);
    }

    @Test
    void linksBeginWithThePublicUrl() throws Exception {
        hub.close();
        hub = new RunningHub(directory, "http.publicUrl=https://example.org/terminals", "http.basePath=/terminals");

        JsonObject share = hub.admin().call(HUB, "share", new JsonObject());

        assertThat(share.getString("url"))
                .isEqualTo("https://example.org/terminals/?token=" + share.getString("token"));
        assertThat(share.getString("publicUrl")).isEqualTo("https://example.org/terminals/");
    }

    @Test
    void aShareLinkLogsInByUrlThenByCookieAndLeavesTheAddressBar() throws Exception {
        JsonObject share = share("viewer");
        URI url = URI.create(share.getString("url"));
        assertThat(url.getFragment()).isEqualTo(session);
        assertThat(share.containsKey("publicUrl")).isFalse();

        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());

        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(page.statusCode()).isEqualTo(303);
        assertThat(page.headers().firstValue("Location")).contains("/");
        assertThat(cookie).containsIgnoringCase("; HttpOnly").contains("; SameSite=Strict");
        Peer byCookie = hub.webSocket("/eventbus/websocket", Map.of("Cookie", cookie.split(";")[0]));
        assertThat(byCookie.call(HUB, "info", NOTHING).getString("role")).isEqualTo("viewer");
        Peer byUrl = hub.webSocket("/eventbus/websocket?" + url.getRawQuery(), Map.of());
        assertThat(byUrl.call(HUB, "info", NOTHING).getString("session")).isEqualTo(session);
    }
}
