package io.termbus.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Messages over a blocking socket, read in place. One thread. */
abstract class Wire implements AutoCloseable {
    private static final int INITIAL_BYTES = 1 << 20;

    private final SocketChannel channel;
    private final Socket socket;
    private final InputStream in;
    /** What was received and not consumed is from {@link #start} to {@link #end}. */
    byte[] buffer = new byte[INITIAL_BYTES];

    int start;
    private int end;

    /** Where the current message is: most often {@link #buffer}. */
    byte[] message = buffer;

    int from;

    int to;

    Wire(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket = channel.socket();
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    /** Sends one JSON message. */
    abstract void send(byte[] json) throws IOException;

    /**
     * Waits for the next message, then at {@link #from}..{@link #to} of {@link #message} until the next call.
     *
     * @throws SocketTimeoutException after {@link #timeout}; the call may be repeated
     */
    abstract void receive() throws IOException;

    void write(byte[] bytes, int length) throws IOException {
        for (ByteBuffer left = ByteBuffer.wrap(bytes, 0, length); left.hasRemaining(); ) {
            channel.write(left);
        }
    }

    /** The socket; who reads from it himself leaves the other methods alone from then on. */
    SocketChannel channel() {
        return channel;
    }

    void timeout(int ms) throws IOException {
        socket.setSoTimeout(ms);
    }

    /** Waits until so many bytes from {@link #start} on are there. */
    void await(int bytes) throws IOException {
        if (start == end) {
            start = 0;
            end = 0;
        }
        while (end - start < bytes) {
            makeRoom(bytes);
            int count = in.read(buffer, end, buffer.length - end);
            if (count < 0) {
                throw new EOFException("the hub closed the connection");
            }
            end += count;
        }
    }

    private void makeRoom(int bytes) {
        if (buffer.length - start >= bytes && end < buffer.length) {
            return;
        }
        byte[] target = bytes > buffer.length ? new byte[Integer.highestOneBit(bytes) << 1] : buffer;
        System.arraycopy(buffer, start, target, 0, end - start);
        end -= start;
        start = 0;
        buffer = target;
    }

    int unsignedByte(int at) {
        return buffer[at] & 0xFF;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
