package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.auth.Access;
import io.termbus.auth.AdminToken;
import io.termbus.auth.HomeDirectory;
import io.termbus.auth.Shares;
import io.termbus.config.ConfigLoader;
import io.termbus.config.HubConfig;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.FlowMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a hub tells Prometheus, and what its alerts and its dashboard ask for. */
@Timeout(120)
class MetricsTest {
    private static final int MOST_SERIES = 300;
    private static final Pattern OF_JVM = Pattern.compile("(jvm|process|system)_.*");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Pattern METRIC = Pattern.compile("\\b(?:termbus|vertx|jvm|process|system)_[a-z0-9_]+");
    private static final String OPEN_METRICS = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";

    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private Exposition metrics;
    private Vertx vertx;
    private Hub hub;

    @BeforeEach
    void start() throws Exception {
        HubConfig config = new ConfigLoader(home, home, Map.of())
                .load(
                        Optional.empty(),
                        List.of(
                                "home=" + home.resolve("home"),
                                "http.port=0",
                                "tcp.port=0",
                                "metrics.port=0",
                                "session.max=2",
                                "auth.token=a-token-of-16-characters"))
                .config();
        metrics = Hub.metrics(config).orElseThrow();
        VertxBuilder builder = Vertx.builder();
        metrics.observe(builder);
        vertx = builder.build();
        HomeDirectory.prepare(config.home());
        Access access = new Access(AdminToken.of(config), Shares.of(vertx, config.home()));
        hub = await(Hub.start(vertx, config, access, "test", Optional.empty(), Optional.of(metrics), Optional.empty()));
    }

    @AfterEach
    void stop() throws Exception {
        await(hub.close());
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private HttpRequest request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.metricsPort() + path));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        return http.send(request(path, headers), BodyHandlers.ofString());
    }

    private List<String> samples() throws Exception {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    /** Of one series, such as {@code termbus_sessions{state="running"}}. */
    private double value(String series) throws Exception {
        return samples().stream()
                .filter(line -> line.startsWith(series + " "))
                .map(line -> line.substring(series.length() + 1))
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + series));
    }

    /** A scrape may be a tenth of a second old. */
    private void until(String series, double wanted) {
        Awaitility.await(series)
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(value(series)).isEqualTo(wanted));
    }

    private Future<JsonObject> ask(String address, String action, JsonObject body) {
        DeliveryOptions options = new DeliveryOptions().addHeader("action", action);
        return vertx.eventBus().<JsonObject>request(address, body, options).map(answer -> answer.body());
    }

    private String create(String... command) throws Exception {
        JsonObject wanted = new JsonObject().put("command", new JsonArray(List.of(command)));
        return await(ask(Addresses.HUB, "create", wanted)).getString("id");
    }

    /** What a request is answered with that no client of HTTP would send. */
    private int status(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", hub.metricsPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return Integer.parseInt(answer.readLine().split(" ")[1]);
        }
    }

    /** Asks and waits for the answer. */
    private static final class TcpClient implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        TcpClient(int port) throws IOException {
            socket = new Socket("127.0.0.1", port);
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(socket.getOutputStream());
        }

        void ask(String address, String action, JsonObject body) throws IOException {
            byte[] frame = new JsonObject()
                    .put("type", "send")
                    .put("address", address)
                    .put("headers", new JsonObject().put("action", action))
                    .put("body", body)
                    .put("replyAddress", "r")
                    .toBuffer()
                    .getBytes();
            out.writeInt(frame.length);
            out.write(frame);
            out.flush();
            in.readFully(new byte[in.readInt()]);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void itIsTextAndOpenMetricsWhereThatIsPreferred() throws Exception {
        HttpResponse<String> plain = get("/metrics");
        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(plain.headers().firstValue("content-type")).hasValue(Exposition.TEXT);
        assertThat(plain.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(plain.body())
                .contains("# TYPE termbus_output_bytes_total counter\n", "# TYPE termbus_lag_seconds histogram\n")
                .doesNotContain("# EOF");
        HttpResponse<String> open = get("/metrics", "Accept", OPEN_METRICS);
        assertThat(open.headers().firstValue("content-type")).hasValue(Exposition.OPEN_METRICS);
        assertThat(open.body())
                .contains("# TYPE termbus_output_bytes counter\n")
                .endsWith("# EOF\n");
        for (String accept :
                List.of("*/*", "text/plain", "text/plain,application/openmetrics-text;q=0.5", "image/png")) {
            assertThat(get("/metrics", "Accept", accept).headers().firstValue("content-type"))
                    .as(accept)
                    .hasValue(Exposition.TEXT);
        }
    }

    @Test
    void thereAreNoMoreSeriesThanThatAndNoLabelThatNamesAnybody() throws Exception {
        String id = create("sh", "-c", "exec cat");
        await(ask(Addresses.session(id), "rename", new JsonObject().put("name", "the-name-of-it")));
        List<String> samples = samples();

        assertThat(samples).doesNotHaveDuplicates().hasSizeGreaterThan(100);
        assertThat(samples.stream().filter(line -> !OF_JVM.matcher(line).matches()))
                .hasSizeLessThanOrEqualTo(MOST_SERIES);
        assertThat(String.join("\n", samples)).doesNotContain(id, "the-name-of-it", "127.0.0.1", "node-");
        Set<String> labels = samples.stream()
                .filter(line -> !OF_JVM.matcher(line).matches())
                .flatMap(line -> LABEL.matcher(line).results())
                .map(label -> label.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(labels)
                .containsExactly(
                        "action",
                        "code",
                        "how",
                        "kind",
                        "le",
                        "limit",
                        "outcome",
                        "pool_name",
                        "reason",
                        "state",
                        "transport",
                        "zone");
    }

    @Test
    void aSessionThatIsWatchedAndTypedIntoIsSeen() throws Exception {
        String id = create("cat");
        until("termbus_sessions{state=\"running\"}", 1);
        String subscriber = await(ask(Addresses.FLOW, "attach", new JsonObject().put("session", id)))
                .getString("subscriber");
        CompletableFuture<Delivery> echo = new CompletableFuture<>();
        await(vertx.eventBus()
                .<Delivery>localConsumer(Addresses.out(subscriber), message -> {
                    if (message.body().kind() == Delivery.Kind.OUTPUT) {
                        echo.complete(message.body());
                    }
                })
                .completion());
        vertx.eventBus()
                .send(
                        hub.shards().addressOfSubscriber(subscriber).orElseThrow(),
                        new FlowMessage.Listening(subscriber),
                        new DeliveryOptions().setLocalOnly(true));
        until("termbus_deliveries_total{kind=\"snapshot\"}", 1);
        until("termbus_snapshots_total{reason=\"attach\"}", 1);
        await(ask(Addresses.session(id), "input", new JsonObject().put("data", "hello")));
        echo.get(20, TimeUnit.SECONDS);

        until("termbus_input_bytes_total", 5);
        until("termbus_output_bytes_total", 5);
        until("termbus_input_to_output_seconds_count", 1);
        until("termbus_subscribers{transport=\"jvm\",zone=\"green\"}", 1);
        assertThat(value("termbus_unacked_bytes")).isEqualTo(value("termbus_delivered_bytes_total"));
        assertThat(value("termbus_lag_seconds_bucket{le=\"+Inf\"}")).isPositive();
        assertThat(value("termbus_ack_seconds_count")).isZero();
        await(ask(
                Addresses.FLOW,
                "ack",
                new JsonObject().put("subscriber", subscriber).put("count", 1000)));
        until("termbus_unacked_bytes", 0);
        assertThat(value("termbus_ack_seconds_count")).isEqualTo(1);

        await(ask(Addresses.session(id), "kill", new JsonObject()));
        until("termbus_sessions{state=\"exited\"}", 1);
        until("termbus_exits_total{how=\"signal\"}", 1);
        until("termbus_deliveries_total{kind=\"exit\"}", 1);
        assertThat(value("termbus_sessions{state=\"running\"}")).isZero();
    }

    @Test
    void createsAreCountedByOutcome() throws Exception {
        create("cat");
        create("cat");
        for (JsonObject wrong : List.of(new JsonObject(), new JsonObject().put("cols", -1))) {
            assertThat(ask(Addresses.HUB, "create", wrong).toCompletionStage().toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(20));
        }

        until("termbus_creates_total{outcome=\"ok\"}", 2);
        until("termbus_creates_total{outcome=\"limit\"}", 1);
        until("termbus_creates_total{outcome=\"refused\"}", 1);
    }

    @Test
    void requestsErrorsAndLoginsOfAClientAreCounted() throws Exception {
        JsonObject wrong = new JsonObject().put("token", "wrong");
        JsonObject right = new JsonObject().put("token", "a-token-of-16-characters");
        try (TcpClient client = new TcpClient(hub.tcpPort())) {
            client.ask(Addresses.HUB, "login", wrong);
            client.ask(Addresses.HUB, "login", right);
            client.ask(Addresses.HUB, "list", new JsonObject());
            client.ask(Addresses.session("none"), "info", new JsonObject());
            until("termbus_connections", 1);
        }

        until("termbus_logins_total{outcome=\"ok\"}", 1);
        until("termbus_logins_total{outcome=\"wrong\"}", 1);
        until("termbus_requests_total{action=\"login\",code=\"4xx\"}", 1);
        until("termbus_requests_total{action=\"login\",code=\"ok\"}", 1);
        until("termbus_requests_total{action=\"list\",code=\"ok\"}", 1);
        until("termbus_requests_total{action=\"info\",code=\"4xx\"}", 1);
        until("termbus_errors_total{code=\"404\"}", 1);
        until("termbus_request_seconds_count{action=\"other\"}", 2);
        until("termbus_connections", 0);
    }

    @Test
    void itHasTheHubsRulesOfHttpAndNothingElse() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/healthz").statusCode()).isEqualTo(404);
        assertThat(http.send(
                                HttpRequest.newBuilder(request("/metrics").uri())
                                        .POST(HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(405);
        assertThat(status("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .isEqualTo(421);
        assertThat(status("GET /metrics HTTP/1.1\r\nHost: a b\r\n\r\n")).isEqualTo(400);
        assertThat(status("GET /metrics HTTP/1.1\r\n\r\n")).isEqualTo(400);
        assertThat(status("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")).isEqualTo(200);
    }

    @Test
    void aHundredScrapesAtOnceAreAllAnswered() {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(http.sendAsync(request("/metrics"), BodyHandlers.ofString()));
        }

        assertThat(all).allSatisfy(each -> assertThat(each).succeedsWithin(Duration.ofSeconds(30)));
        assertThat(all.stream().map(CompletableFuture::join)).allMatch(answer -> answer.statusCode() == 200);
    }

    @Test
    void alertsAndDashboardAskForWhatThereIs() throws Exception {
        Set<String> told = get("/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]")[0])
                .collect(Collectors.toSet());
        for (String file : List.of("conf/prometheus-alerts.yaml", "conf/grafana-dashboard.json")) {
            Set<String> wanted = METRIC.matcher(Files.readString(Path.of(file)))
                    .results()
                    .map(MatchResult::group)
                    .filter(name -> !name.endsWith("_"))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(wanted).as(file).hasSizeGreaterThan(8);
            assertThat(told).as(file).containsAll(wanted);
        }
    }

    @Test
    void theDocumentationNamesEveryMetricOfTheHubAndNoOther() throws Exception {
        Set<String> told = get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("# TYPE termbus_"))
                .map(line -> line.split(" ")[2])
                .collect(Collectors.toSet());
        Set<String> named = Pattern.compile("`(termbus_[a-z_]+)`?")
                .matcher(Files.readString(Path.of("docs/operations.md")))
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toSet());

        assertThat(named).hasSizeGreaterThan(20).isEqualTo(told);
    }

    /** As the dashboard is read by Grafana: panels with queries, each of which says what it shows. */
    @Test
    void theDashboardIsJsonWithATitleAndQueriesForEachPanel() throws IOException {
        JsonObject dashboard = new JsonObject(Files.readString(Path.of("conf/grafana-dashboard.json")));
        assertThat(dashboard.getString("title")).isEqualTo("Termbus");
        assertThat(dashboard.getJsonArray("panels")).hasSizeGreaterThan(7).allSatisfy(panel -> {
            JsonObject each = (JsonObject) panel;
            assertThat(each.getString("title")).isNotBlank();
            assertThat(each.getJsonArray("targets"))
                    .isNotEmpty()
                    .allSatisfy(target ->
                            assertThat(((JsonObject) target).getString("expr")).isNotBlank());
        });
    }

    @Test
    void promtoolAcceptsTheAlertsAndTheMetrics() throws Exception {
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool"))),
                "there is no promtool on the PATH: the alerts are not checked by it");
        assertThat(promtool(Optional.empty(), "check", "rules", "conf/prometheus-alerts.yaml"))
                .isZero();
        Path scraped =
                Files.writeString(home.resolve("metrics"), get("/metrics").body());
        assertThat(promtool(Optional.of(scraped), "check", "metrics")).isZero();
    }

    private static int promtool(Optional<Path> input, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments))
                        .toList())
                .inheritIO();
        input.ifPresent(file -> builder.redirectInput(file.toFile()));
        return builder.start().waitFor();
    }
}
