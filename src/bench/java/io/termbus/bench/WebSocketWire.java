package io.termbus.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** SockJS' raw WebSocket, as little of RFC 6455 as it takes. */
final class WebSocketWire extends Wire {
    private static final int FIN = 0x80;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MASKED = 0x80;

    private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();

    /** @param path that is upgraded, with a query that logs in */
    WebSocketWire(int port, String path) throws IOException {
        this(port, path, "");
    }

    /** @param headers lines of more headers, each with its end */
    WebSocketWire(int port, String path, String headers) throws IOException {
        super(port);
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                        + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n")
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
        send(TEXT, json);
    }

    private void send(int opcode, byte[] json) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(14 + json.length).put((byte) (FIN | opcode));
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
            int first = frame();
            boolean last = (first & FIN) != 0;
            int opcode = first & ~FIN;
            if (opcode == CLOSE) {
                throw new EOFException("the hub closed the WebSocket");
            }
            if (opcode == PING) {
                send(PONG, Arrays.copyOfRange(buffer, from, to));
            }
            boolean begins = opcode == TEXT || opcode == BINARY;
            if (begins && last) {
                message = buffer;
                return;
            }
            if (begins || opcode == CONTINUATION) {
                fragments.write(buffer, from, to - from);
                if (last) {
                    join();
                    return;
                }
            } else if (opcode < CLOSE) {
                throw new IOException("no message, opcode " + opcode);
            }
        }
    }

    private void join() {
        message = fragments.toByteArray();
        fragments.reset();
        from = 0;
        to = message.length;
    }

    /** Waits for one frame, then at {@link #from}..{@link #to} of the buffer; returns its first byte. */
    private int frame() throws IOException {
        await(2);
        int first = unsignedByte(start);
        int head = head();
        await(head);
        int length = length(head);
        await(head + length);
        from = start + head;
        to = from + length;
        start = to;
        return first;
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
