package io.termbus.e2e;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client over SockJS' raw WebSocket, logged in by the token in the URL. */
final class WebSocketClient extends Client {
    private static final int LIMIT_SECONDS = 20;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private @Nullable WebSocket socket;

    static WebSocketClient connect(HubProcess hub) throws Exception {
        URI uri = URI.create("ws://127.0.0.1:" + hub.httpPort() + "/eventbus/websocket?token=" + hub.token());
        WebSocketClient client = new WebSocketClient();
        client.socket = HTTP.newWebSocketBuilder()
                .buildAsync(uri, client.new Listener())
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return client;
    }

    @Override
    void send(JsonObject message) throws Exception {
        opened().sendText(message.encode(), true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        opened().abort();
    }

    private WebSocket opened() {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        return open;
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder parts = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                arrived(new JsonObject(parts.toString()));
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            ended();
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            ended();
        }
    }
}
