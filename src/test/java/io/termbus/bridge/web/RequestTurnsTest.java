package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.guard.FairShare;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RequestTurnsTest {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int TIMEOUT_MS = 20_000;

    private final Vertx vertx = Vertx.vertx();
    /** Of the crowd, after each request has come. */
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** A server for which time stands still, so that no turn begins because of it. */
    private int serve(FairShare crowd) throws Exception {
        RequestTurns turns = new RequestTurns(vertx, crowd, () -> 1);
        Router router = Router.router(vertx);
        router.route().handler(rc -> {
            turns.await(rc);
            sizes.add(crowd.size());
        });
        router.route().handler(rc -> {
            rc.response().end("x").onFailure(rc::fail);
        });
        HttpServer server = vertx.createHttpServer()
                .connectionHandler(connection -> connection.closeHandler(closed -> turns.forget(connection)))
                .requestHandler(router);
        return await(server.listen(0, "127.0.0.1")).actualPort();
    }

    private static void ask(Socket socket) throws IOException {
        socket.getOutputStream().write(REQUEST);
    }

    private static void answer(Socket socket) throws IOException {
        socket.setSoTimeout(TIMEOUT_MS);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\nx") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void manyRequestsWaitForTheirTurnAndAreAllAnswered() throws Exception {
        FairShare crowd = new FairShare(8, 8);
        try (Socket socket = new Socket("127.0.0.1", serve(crowd))) {
            for (int i = 0; i < 5 * RequestTurns.TURN_REQUESTS; i++) {
                ask(socket);
                answer(socket);
            }
        }
        assertThat(crowd.size()).isZero();
    }

    @Test
    void whoIsGoneBeforeItsTurnIsNoneOfTheCrowdAnyMore() throws Exception {
        FairShare crowd = new FairShare(1, 8);
        for (int i = 0; i < 10_000; i++) {
            crowd.enter(); // so a turn is a second away
        }
        try (Socket socket = new Socket("127.0.0.1", serve(crowd))) {
            for (int i = 0; i < RequestTurns.TURN_REQUESTS; i++) {
                ask(socket);
                answer(socket);
            }
            ask(socket);
            Awaitility.await().until(() -> sizes.size() == RequestTurns.TURN_REQUESTS + 1);
            assertThat(sizes).endsWith(10_000, 10_001);
        }

        Awaitility.await().until(() -> crowd.size() == 10_000);
    }
}
