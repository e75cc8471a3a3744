package io.termbus.e2e;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client over a raw WebSocket, of JSON or of binary frames, logged in by the token in the URL. */
final class WebSocketClient extends Client {
    private static final int LIMIT_SECONDS = 20;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BinaryDeliveries deliveries = new BinaryDeliveries();
    private @Nullable WebSocket socket;

    static WebSocketClient connect(HubProcess hub) throws Exception {
        return connect(hub, HTTP.newWebSocketBuilder());
    }

    static WebSocketClient binary(HubProcess hub) throws Exception {
        return connect(hub, HTTP.newWebSocketBuilder().subprotocols("termbus.v1.binary"));
    }

    private static WebSocketClient connect(HubProcess hub, WebSocket.Builder builder) throws Exception {
        URI uri = URI.create("ws://127.0.0.1:" + hub.httpPort() + "/eventbus/websocket?token=" + hub.token());
        WebSocketClient client = new WebSocketClient();
        client.socket = builder.buildAsync(uri, client.new Listener()).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return client;
    }

    BinaryDeliveries deliveries() {
        return deliveries;
    }

    void sendFrame(Buffer frame) throws Exception {
        opened().sendBinary(ByteBuffer.wrap(frame.getBytes()), true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
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
        private Buffer bytes = Buffer.buffer();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                arrived(deliveries.json(new JsonObject(parts.toString())));
                parts.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            bytes.appendBytes(part);
            if (last) {
                arrived(deliveries.delivery(bytes));
                bytes = Buffer.buffer();
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
