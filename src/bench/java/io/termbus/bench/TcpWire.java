package io.termbus.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Frames with a length of four bytes. */
final class TcpWire extends Wire {
    private static final int PREFIX = 4;

    TcpWire(int port) throws IOException {
        super(port);
    }

    @Override
    void send(byte[] json) throws IOException {
        ByteBuffer frame =
                ByteBuffer.allocate(PREFIX + json.length).putInt(json.length).put(json);
        write(frame.array(), frame.position());
    }

    @Override
    void receive() throws IOException {
        await(PREFIX);
        int length = ByteBuffer.wrap(buffer, start, PREFIX).getInt();
        await(PREFIX + length);
        message = buffer;
        from = start + PREFIX;
        to = from + length;
        start = to;
    }
}
