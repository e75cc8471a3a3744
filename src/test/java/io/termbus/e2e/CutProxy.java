package io.termbus.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Passes TCP connections on, until it cuts them, and keeps what passes. */
final class CutProxy implements AutoCloseable {
    private static final int BACKLOG = 16;

    private final ServerSocket server;
    private final int target;
    private final List<Socket> open = new ArrayList<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ByteArrayOutputStream answered = new ByteArrayOutputStream();
    private Iterator<Integer> cutsAfter = Collections.emptyIterator();
    private long untilCut = Long.MAX_VALUE;
    private int accepted;
    private int cuts;

    /** @param target port on 127.0.0.1 */
    CutProxy(int target) throws IOException {
        this(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()), target);
    }

    /** Passes on to the same port of 127.0.0.1. */
    static CutProxy at(String host, int port) throws IOException {
        return new CutProxy(new ServerSocket(port, BACKLOG, InetAddress.getByName(host)), port);
    }

    private CutProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
        start(this::acceptAll);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Ends all connections; new ones are passed on. */
    synchronized void cut() throws IOException {
        for (Socket each : open) {
            each.close();
        }
        open.clear();
    }

    /** From now on all connections end when clients were sent so many bytes, and again, until there are no numbers left. */
    synchronized void cutAfter(Iterator<Integer> bytes) {
        cutsAfter = bytes;
        untilCut = bytes.next();
    }

    /** How often that has happened. */
    synchronized int cuts() {
        return cuts;
    }

    /** Connections of clients so far. */
    synchronized int accepted() {
        return accepted;
    }

    /** All that clients have sent. */
    synchronized String sent() {
        return sent.toString(StandardCharsets.ISO_8859_1);
    }

    /** All that clients were sent. */
    synchronized String answered() {
        return answered.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }

    private void acceptAll() {
        try {
            while (true) {
                connect(server.accept());
            }
        } catch (IOException e) {
            // Closed, as at the end of each test.
            return;
        }
    }

    private synchronized void connect(Socket client) throws IOException {
        accepted++;
        Socket hub;
        try {
            hub = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            // Nobody listens there yet.
            client.close();
            return;
        }
        open.add(client);
        open.add(hub);
        start(() -> pass(client, hub, sent));
        start(() -> pass(hub, client, answered));
    }

    private void pass(Socket from, Socket to, ByteArrayOutputStream record) {
        byte[] bytes = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                int passes = record == answered ? untilCut(length) : length;
                record(record, bytes, passes);
                out.write(bytes, 0, passes);
                if (passes < length) {
                    cutAsPlanned();
                }
            }
        } catch (IOException e) {
            // Cut; closing both ends is all there is to do.
            return;
        }
    }

    private synchronized int untilCut(int length) {
        int passes = (int) Math.min(length, untilCut);
        untilCut -= passes;
        return passes;
    }

    private synchronized void cutAsPlanned() throws IOException {
        cuts++;
        untilCut = cutsAfter.hasNext() ? cutsAfter.next() : Long.MAX_VALUE;
        cut();
    }

    private synchronized void record(ByteArrayOutputStream record, byte[] bytes, int length) {
        record.write(bytes, 0, length);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "cut-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
