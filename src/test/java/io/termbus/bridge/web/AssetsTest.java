package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With files of the tests' own class path, whose contents say which one was taken. */
@Timeout(20)
final class AssetsTest {
    private static final String PROBE = "probe.0123456789-_.js";

    private Vertx vertx;
    private HttpClient client;
    private volatile int port;

    private record Answer(int status, String body, HttpClientResponse head) {}

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        client = vertx.createHttpClient();
        await(vertx.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                Router router = Router.router(vertx);
                router.get("/base" + Assets.PATH + "*").handler(new Assets(vertx)::handle);
                return vertx.createHttpServer()
                        .requestHandler(router)
                        .listen(0, "127.0.0.1")
                        .onSuccess(server -> port = server.actualPort());
            }
        }));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private Answer get(String name, String encodings) throws Exception {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/base" + Assets.PATH + name)
                .putHeader("Accept-Encoding", encodings);
        // all of it on the event loop: set from this thread, the last step might come after the body
        return await(client.request(options)
                .compose(request -> request.send()
                        .compose(response -> response.body()
                                .map(Buffer::toString)
                                .map(body -> new Answer(response.statusCode(), body, response)))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd | br | brotli",
                "gzip, br;q=0 | gzip | gzipped",
                "gzip | gzip | gzipped",
                "deflate |  | plain",
                "identity |  | plain",
            })
    void theSmallestFormThatIsAcceptedIsSent(String encodings, String coding, String content) throws Exception {
        for (int again = 0; again < 2; again++) {
            Answer answer = get(PROBE, encodings);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().strip()).isEqualTo(content);
            assertThat(answer.head().getHeader("Content-Encoding")).isEqualTo(coding);
            assertThat(answer.head().getHeader("Vary")).isEqualToIgnoringCase("accept-encoding");
            assertThat(answer.head().getHeader("Content-Type")).isEqualTo("text/javascript;charset=UTF-8");
            assertThat(answer.head().getHeader("Cache-Control")).contains("max-age=31536000", "immutable");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "probe.0123456789ab.js",
                "probe.0123456789-_.js.br",
                "probe.0123456789-_.txt",
                "../probe.txt",
                "%2e%2e/probe.txt",
                "",
            })
    void whatIsNoSuchFileIsNotFound(String name) throws Exception {
        assertThat(get(name, "br").status()).isEqualTo(404);
    }
}
