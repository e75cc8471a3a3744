package io.termbus.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** SockJS' raw WebSocket, as little of RFC 6455 as it takes: text messages in one frame each. */
final class WebSocketWire extends Wire {
    private static final int FIN = 0x80;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MASKED = 0x80;

    WebSocketWire(int port, String token) throws IOException {
        super(port);
        byte[] request = ("GET /eventbus/websocket?token=" + token + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                        + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        write(request, request.length);
        int length = 1;
        do {
            await(length++);
        } while (!new String(buffer, start, length - 1, StandardCharsets.US_ASCII).endsWith("\r\n\r\n"));
        String answer = new String(buffer, start, length - 1, StandardCharsets.US_ASCII);
        if (!answer.startsWith("HTTP/1.1 101")) {
            throw new IOException("no WebSocket: " + answer);
        }
        start += length - 1;
    }

    /** The mask is zero, which is a mask. */
    @Override
    void send(byte[] json) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + json.length).put((byte) (FIN | TEXT));
        if (json.length < SHORT_LENGTH) {
            frame.put((byte) (MASKED | json.length));
        } else if (json.length < 1 << 16) {
            frame.put((byte) (MASKED | SHORT_LENGTH)).putShort((short) json.length);
        } else {
            frame.put((byte) (MASKED | LONG_LENGTH)).putLong(json.length);
        }
        frame.putInt(0).put(json);
        write(frame.array(), frame.position());
    }

    @Override
    void receive() throws IOException {
        while (true) {
            await(2);
            int first = unsignedByte(start);
            int head = head();
            await(head);
            int length = length(head);
            await(head + length);
            from = start + head;
            to = from + length;
            start = to;
            if (first == (FIN | TEXT)) {
                return;
            }
            if ((first & 0xF) == CLOSE) {
                throw new EOFException("the hub closed the WebSocket");
            }
            if ((first & 0xF) < CLOSE) {
                throw new IOException("a fragment or a binary message, first byte " + first);
            }
        }
    }

    private int head() {
        return switch (unsignedByte(start + 1)) {
            case SHORT_LENGTH -> 4;
            case LONG_LENGTH -> 10;
            default -> 2;
        };
    }

    private int length(int head) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer);
        return switch (head) {
            case 4 -> bytes.getShort(start + 2) & 0xFFFF;
            case 10 -> Math.toIntExact(bytes.getLong(start + 2));
            default -> unsignedByte(start + 1);
        };
    }
}
