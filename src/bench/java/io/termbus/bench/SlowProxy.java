package io.termbus.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A link of some rate and delay before a port of this machine: each connection to it goes on there. Its buffers are
 * small, so that what does not fit into the link waits at the server, where it can be seen, and not here.
 */
final class SlowProxy implements AutoCloseable {
    static final double UNLIMITED = Double.POSITIVE_INFINITY;
    private static final int BUFFER_BYTES = 8192;
    private static final int PIECES_A_SECOND = 50;
    private static final int LEAST_PIECE = 256;
    private static final double NANOS = 1e9;

    private record Piece(byte[] bytes, long due) {}

    private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    private final int target;
    private final double bytesPerSecond;
    private final long delayNanos;

    /** @param bytesPerSecond from the server to the client; the other way is not limited */
    SlowProxy(int target, double bytesPerSecond, int delayMs) throws IOException {
        this.target = target;
        this.bytesPerSecond = bytesPerSecond;
        this.delayNanos = delayMs * 1_000_000L;
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket();
            server.setReceiveBufferSize(BUFFER_BYTES);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            carry(client, server, UNLIMITED);
            carry(server, client, bytesPerSecond);
        }
    }

    private void carry(Socket from, Socket to, double rate) {
        BlockingQueue<Piece> onTheWay = new LinkedBlockingQueue<>();
        start(() -> take(from, onTheWay, rate));
        start(() -> give(to, onTheWay));
    }

    /** Takes no more than the rate, evenly. An empty piece is the end. */
    private void take(Socket from, BlockingQueue<Piece> onTheWay, double rate)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[(int) Math.min(1 << 16, Math.max(LEAST_PIECE, rate / PIECES_A_SECOND))];
        double free = System.nanoTime();
        try (InputStream in = from.getInputStream()) {
            int read;
            while ((read = in.read(buffer)) > 0) {
                free = Math.max(free, System.nanoTime()) + read / rate * NANOS;
                pause((long) free);
                onTheWay.add(new Piece(Arrays.copyOf(buffer, read), System.nanoTime() + delayNanos));
            }
        } finally {
            onTheWay.add(new Piece(new byte[0], System.nanoTime()));
        }
    }

    private static void give(Socket to, BlockingQueue<Piece> onTheWay) throws IOException, InterruptedException {
        try (OutputStream out = to.getOutputStream()) {
            Piece piece = onTheWay.take();
            while (piece.bytes().length > 0) {
                pause(piece.due());
                out.write(piece.bytes());
                piece = onTheWay.take();
            }
        }
    }

    private static void pause(long until) throws InterruptedException {
        long nanos = until - System.nanoTime();
        if (nanos > 0) {
            Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** A connection that ends, or a proxy that is closed, ends its threads. */
    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
