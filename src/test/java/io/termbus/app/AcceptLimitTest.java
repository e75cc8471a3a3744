package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AcceptLimitTest {
    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1))
            .withTransport(new AcceptLimit())
            .build();
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (Socket each : sockets) {
            each.close();
        }
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(60_000);
        sockets.add(socket);
        return socket;
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void whatWaitsForABusyEventLoopIsBoundedAndServedLater() throws Exception {
        NetServer server = await(vertx.createNetServer()
                .connectHandler(socket -> socket.write("x"))
                .listen(0, "127.0.0.1"));
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        vertx.getOrCreateContext().runOnContext(v -> {
            busy.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        busy.await();
        for (int i = 0; i < AcceptLimit.MAX_WAITING; i++) {
            connect(server.actualPort());
        }
        List<Socket> first = List.copyOf(sockets);

        for (int i = 0; i < AcceptLimit.MAX_WAITING; i++) {
            assertThat(isClosed(connect(server.actualPort()))).isTrue();
        }
        free.countDown();

        assertThat(first).noneMatch(AcceptLimitTest::isClosed);
        assertThat(isClosed(connect(server.actualPort()))).isFalse();
    }

    @Test
    void beyondTheBurstConnectionsAreAcceptedAtAPace() throws Exception {
        List<Long> accepted = new CopyOnWriteArrayList<>();
        NetServer server = await(vertx.createNetServer()
                .connectHandler(socket -> accepted.add(System.nanoTime()))
                .listen(0, "127.0.0.1"));
        int more = AcceptLimit.PER_SECOND / 4;
        long began = System.nanoTime();

        for (int i = 0; i < AcceptLimit.BURST + more; i++) {
            connect(server.actualPort());
        }

        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> accepted.size() == AcceptLimit.BURST + more);
        long took = accepted.get(accepted.size() - 1) - began;
        // at the most 16 are accepted in one go
        assertThat(took).isGreaterThan(TimeUnit.SECONDS.toNanos(more - 16) / AcceptLimit.PER_SECOND);
    }
}
