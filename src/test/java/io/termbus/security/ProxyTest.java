package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Headers of reverse proxies, believed from named addresses only; base path and origins. */
@Timeout(180)
class ProxyTest {
    private static final String SOCKET = "/eventbus/websocket";
    private static final JsonObject NOTHING = new JsonObject();

    @TempDir
    Path directory;

    private RunningHub hub;

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(request(path), headers);
    }

    /** Of no messages. */
    private HttpResponse<String> post(String path, String... headers) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString("[]")), headers);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.hub.httpPort() + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, String... headers) throws Exception {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aTrustedProxyNamesTheUser() throws Exception {
        hub = new RunningHub(directory, "proxy.addresses=10.0.0.1,127.0.0.0/8", "proxy.userHeader=X-User");

        Peer peer = hub.webSocket(SOCKET, Map.of("X-User", "ann"));

        assertThat(peer.call("termbus.hub", "info", NOTHING).getString("role")).isEqualTo("operator");
        assertThat(hub.webSocket(SOCKET, Map.of()).refusal("termbus.hub", "info", NOTHING))
                .isEqualTo(401);
    }

    @Test
    void ofTheUsersOfAProxyOnlyTheOneWhoOpenedASessionOfSockJsPostsInIt() throws Exception {
        hub = new RunningHub(directory, "proxy.addresses=127.0.0.1", "proxy.userHeader=X-User");
        String session = "/eventbus/000/known-id/";
        assertThat(post(session + "xhr", "X-User", "ann").body()).isEqualTo("o\n");

        assertThat(post(session + "xhr_send", "X-User", "bob").statusCode()).isEqualTo(403);
        assertThat(post(session + "xhr_send", "X-Forwarded-For", "203.0.113.7").statusCode())
                .isEqualTo(403);
        assertThat(post(session + "xhr_send").statusCode()).isEqualTo(403);
        assertThat(post(session + "xhr_send", "X-User", "ann", "X-Forwarded-For", "203.0.113.7")
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void aUserHeaderThatIsThereTwiceOrIsEmptyNamesNobody() throws Exception {
        hub = new RunningHub(directory, "proxy.addresses=127.0.0.1", "proxy.userHeader=X-User");
        String info = new JsonArray()
                .add(Peer.message("termbus.hub", "info", NOTHING)
                        .put("replyAddress", "r")
                        .encode())
                .encode();
        String[][] forged = {{"X-User", "ann", "X-User", "root"}, {"X-User", "ann", "x-user", "ann"}, {"X-User", ""}};

        for (String[] headers : forged) {
            String session = "/eventbus/000/by-" + String.join("-", headers) + "/";
            assertThat(post(session + "xhr", headers).body()).isEqualTo("o\n");
            assertThat(send(request(session + "xhr_send").POST(HttpRequest.BodyPublishers.ofString(info)), headers)
                            .statusCode())
                    .isEqualTo(204);
            assertThat(post(session + "xhr", headers).body()).contains("\\\"failureCode\\\":401");
        }
    }

    @Test
    void withoutTokenAndUserASessionOfSockJsIsThatOfItsAddress() throws Exception {
        hub = new RunningHub(directory, "proxy.addresses=127.0.0.1");
        String session = "/eventbus/000/known-id/";
        assertThat(post(session + "xhr", "X-Forwarded-For", "203.0.113.7").body())
                .isEqualTo("o\n");

        assertThat(post(session + "xhr_send", "X-Forwarded-For", "203.0.113.8").statusCode())
                .isEqualTo(403);
        assertThat(post(session + "xhr_send", "X-Forwarded-For", "203.0.113.7").statusCode())
                .isEqualTo(204);
    }

    @Test
    void nobodyElseNamesUsers() throws Exception {
        hub = new RunningHub(directory, "proxy.addresses=10.0.0.1", "proxy.userHeader=X-User", "proxy.userRole=admin");
        Map<String, String> forged = new HashMap<>();
        forged.put("X-User", "root");
        forged.put("X-Forwarded-For", "10.0.0.1");
        forged.put("X-Real-IP", "10.0.0.1");
        forged.put("Forwarded", "for=10.0.0.1");

        assertThat(hub.webSocket(SOCKET, forged).refusal("termbus.hub", "info", NOTHING))
                .isEqualTo(401);
    }

    @Test
    void reservedHeadersOfMessagesAreRefused() throws Exception {
        hub = new RunningHub(directory);
        Peer admin = hub.admin();
        JsonObject forged = Peer.message("termbus.hub", "list", NOTHING).put("replyAddress", "r");
        forged.getJsonObject("headers").put("Termbus-Role", "admin");

        admin.say(forged);

        assertThat(admin.next(frame -> "r".equals(frame.getString("address"))).getInteger("failureCode"))
                .isEqualTo(403);
    }

    @Test
    void onlyATrustedProxySaysThatTheBrowserSpeaksTls() throws Exception {
        hub = new RunningHub(directory, "proxy.addresses=127.0.0.1");
        assertThat(get("/?token=" + RunningHub.TOKEN, "X-Forwarded-Proto", "https")
                        .headers()
                        .firstValue("Set-Cookie")
                        .orElseThrow())
                .contains("; Secure");
        hub.close();

        hub = new RunningHub(directory);
        assertThat(get("/?token=" + RunningHub.TOKEN, "X-Forwarded-Proto", "https")
                        .headers()
                        .firstValue("Set-Cookie")
                        .orElseThrow())
                .doesNotContain("; Secure");
    }

    @Test
    void theForwardedHostCountsForTheOriginFromATrustedProxyOnly() throws Exception {
        String[] forwarded = {"X-Forwarded-Host", "example.org", "Origin", "https://example.org"};
        hub = new RunningHub(directory, "proxy.addresses=127.0.0.1");
        assertThat(get("/eventbus/info", forwarded).statusCode()).isEqualTo(200);
        hub.close();

        hub = new RunningHub(directory);
        assertThat(get("/eventbus/info", forwarded).statusCode()).isEqualTo(403);
    }

    @Test
    void namedOriginsMayUseTheBusOthersMayNot() throws Exception {
        hub = new RunningHub(directory, "http.origins=https://a.example, https://b.example:8443");

        assertThat(get("/eventbus/info", "Origin", "https://b.example:8443", "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(200);
        for (String origin : new String[] {"https://b.example", "http://a.example", "https://c.example", "null"}) {
            assertThat(get("/eventbus/info", "Origin", origin).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void everythingIsServedBelowTheBasePath() throws Exception {
        hub = new RunningHub(directory, "http.basePath=/a/b");

        assertThat(get("/a/b/").body()).contains("<title>Termbus</title>");
        assertThat(get("/a/b/js/app/main.js").statusCode()).isEqualTo(200);
        assertThat(get("/a/b/eventbus/info").statusCode()).isEqualTo(200);
        assertThat(get("/js/app/main.js").statusCode()).isEqualTo(404);
        HttpResponse<String> login = get("/a/b/?token=" + RunningHub.TOKEN);
        assertThat(login.headers().firstValue("Location")).contains("/a/b/");
        assertThat(login.headers().firstValue("Set-Cookie").orElseThrow()).contains("Path=/a/b/");
        assertThat(hub.webSocket("/a/b/eventbus/websocket?token=" + RunningHub.TOKEN, Map.of())
                        .call("termbus.hub", "info", NOTHING)
                        .getString("role"))
                .isEqualTo("admin");
        hub.framed("/a/b/eventbus/000/abcdefgh/websocket");
    }

    /** Only by those that the settings name, and only the page with one terminal. */
    @Test
    void pagesOfOthersHaveOneTerminalInAFrame() throws Exception {
        hub = new RunningHub(directory, "http.frameAncestors=https://a.example, https://*.b.example");
        var framed = get("/?embed&session=x").headers();
        assertThat(framed.firstValue("Content-Security-Policy").orElseThrow())
                .endsWith("; frame-ancestors https://a.example https://*.b.example");
        assertThat(framed.firstValue("X-Frame-Options")).isEmpty();
        for (String path : new String[] {"/", "/embed.html", "/index.html?embed", "/absent?embed"}) {
            var headers = get(path).headers();
            assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                    .as(path)
                    .endsWith("; frame-ancestors 'none'");
            assertThat(headers.firstValue("X-Frame-Options")).as(path).contains("DENY");
        }
    }

    @Test
    void everyPageHasTheHeadersThatKeepBrowsersFromRunningOrShowingIt() throws Exception {
        hub = new RunningHub(directory);
        for (String path :
                new String[] {"/", "/index.html", "/absent", "/?token=wrong", "/eventbus/info", "/healthz"}) {
            var headers = get(path).headers();
            assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'")
                    .contains("; script-src 'self' 'wasm-unsafe-eval';")
                    .doesNotContain("'unsafe-eval'");
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
            assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
        }
        assertThat(get("/").body())
                .doesNotContainPattern("<script(?![^>]*\\bsrc=)")
                .doesNotContainPattern(" on[a-z]+=");
    }

    @Test
    void pathsThatLeaveTheWebRootLeadNowhere() throws Exception {
        hub = new RunningHub(directory);
        for (String path : new String[] {
            "/../conf/termbus.yaml",
            "/..%2f..%2fetc/passwd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/js/..%5c..%5cpom.xml",
            "/%252e%252e/etc/passwd",
            "//etc/passwd",
            "/js/%00/main.js",
            "/.hidden"
        }) {
            String answer = RawHttp.get(hub.hub.httpPort(), path);
            assertThat(answer).as(path).matches("(?s)HTTP/1.1 (400|403|404) .*").doesNotContain("root:", "<project");
        }
    }
}
