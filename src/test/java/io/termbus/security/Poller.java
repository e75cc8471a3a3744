package io.termbus.security;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client over a polling or streaming transport of SockJS: polls until it is told to go away, posts one by one. */
final class Poller {
    private static final int OK = 200;

    final Peer peer = new Peer(this::say, this::stop);
    private final Vertx vertx;
    private final HttpClient http;
    private final int port;
    private final Polling transport;
    private final String session;
    private final String query;
    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
    private Future<Integer> posts = Future.succeededFuture(OK);
    private volatile boolean stopped;

    /**
     * @param id of the session of SockJS
     * @param query what every request has, such as {@code ?token=…}
     */
    Poller(Vertx vertx, HttpClient http, int port, Polling transport, String id, String query) {
        this.vertx = vertx;
        this.http = http;
        this.port = port;
        this.transport = transport;
        this.session = "/eventbus/000/" + id + "/";
        this.query = query;
    }

    /** Begins to poll. */
    Poller open() throws Exception {
        vertx.runOnContext(now -> pollOn());
        opened.get(RunningHub.SECONDS, TimeUnit.SECONDS);
        return this;
    }

    /** The status of a single poll. */
    int poll() throws Exception {
        return RunningHub.await(polling().map(HttpClientResponse::statusCode));
    }

    /** The status of a post of one message. */
    int post(JsonObject message) throws Exception {
        return RunningHub.await(posting(message.toBuffer()));
    }

    /** The status of any post. */
    int post(String type, String body) throws Exception {
        return RunningHub.await(posting(type, body));
    }

    /** Polls no more; what waits is left to time out. */
    void stayAway() {
        stopped = true;
    }

    private void stop() {
        stopped = true;
        peer.closed.complete(true);
    }

    private void say(Buffer message) {
        posts = posts.eventually(() -> posting(message));
    }

    private Future<Integer> posting(Buffer message) {
        String frame = new JsonArray().add(message.toString()).encode();
        return transport.postsForms()
                ? posting(Polling.FORM, "d=" + URLEncoder.encode(frame, StandardCharsets.UTF_8))
                : posting(Polling.TEXT, frame);
    }

    private Future<Integer> posting(String type, String body) {
        RequestOptions request =
                to(HttpMethod.POST, transport.post(session, query)).putHeader(HttpHeaders.CONTENT_TYPE, type);
        return Peer.onEventLoop(
                vertx,
                () -> ask(request)
                        .compose(sending -> sending.send(body))
                        .compose(response -> response.end().map(response.statusCode())));
    }

    private Future<HttpClientResponse> polling() {
        return ask(to(transport.method, transport.poll(session, query))).compose(HttpClientRequest::send);
    }

    private Future<HttpClientRequest> ask(RequestOptions request) {
        try {
            return http.request(request);
        } catch (IllegalStateException e) { // the client is closed: the test is over
            return Future.failedFuture(e);
        }
    }

    private void pollOn() {
        polling().compose(this::read).onSuccess(done -> {
            if (!stopped) {
                pollOn();
            }
        });
    }

    private Future<Void> read(HttpClientResponse answer) {
        answer.handler(
                RecordParser.newDelimited("\n", line -> heard(line.toString().stripTrailing())));
        return answer.end();
    }

    private void heard(String line) {
        transport.frame(line).ifPresent(frame -> {
            switch (frame.charAt(0)) {
                case 'o' -> opened.complete(true);
                case 'a' -> new JsonArray(frame.substring(1)).forEach(each -> peer.hear(new JsonObject((String) each)));
                case 'c' -> stop();
                default -> {} // a heartbeat
            }
        });
    }

    private RequestOptions to(HttpMethod method, String path) {
        return new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMethod(method)
                .setURI(path);
    }
}
