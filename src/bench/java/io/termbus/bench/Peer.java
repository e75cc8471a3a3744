package io.termbus.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A terminal server to compare with, started by a command of the user's. It speaks the protocol of ttyd: a
 * WebSocket at {@code /ws}, subprotocol {@code tty}, a first message of JSON, then messages whose first
 * character says what they are, {@code 0} for input and output.
 *
 * @param command with {@code {port}} for its port and {@code {command}} for the command that it runs
 */
record Peer(String name, List<String> command) {
    private static final String HELLO = "{\"AuthToken\":\"\",\"columns\":80,\"rows\":24}";
    private static final int START_MS = 10_000;
    private static final int TIMEOUT_MS = 30_000;
    private static final int SLOW_TIMEOUT_MS = 120_000;
    private static final char OUTPUT = '0';

    /** Reads {@code name=command}, parted by semicolons; words of a command by spaces. */
    static List<Peer> read(String text) {
        List<Peer> peers = new ArrayList<>();
        for (String each : text.split(";")) {
            if (!each.isBlank()) {
                String[] parts = each.strip().split("=", 2);
                peers.add(new Peer(parts[0].strip(), List.of(parts[1].strip().split(" +"))));
            }
        }
        return peers;
    }

    /** One connection to a server of its own. */
    final class Connection implements Screen {
        private final Process process;
        private final WebSocketWire wire;
        private final SlowProxy link;
        private long surplus;

        Connection(List<String> child) throws IOException, InterruptedException {
            this(child, SlowProxy.UNLIMITED, 0, false);
        }

        /** @param slow over a link of that rate and delay */
        Connection(List<String> child, double bytesPerSecond, int delayMs, boolean slow)
                throws IOException, InterruptedException {
            int port = freePort();
            process = new ProcessBuilder(with(port, child))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            WebSocketWire direct = connect(port);
            link = new SlowProxy(port, bytesPerSecond, delayMs);
            if (slow) {
                direct.close();
                wire = connect(link.port());
            } else {
                wire = direct;
            }
            wire.timeout(TIMEOUT_MS);
            wire.send(HELLO.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void type(String keys) throws IOException {
            wire.send((OUTPUT + keys).getBytes(StandardCharsets.US_ASCII));
        }

        /** Waits for so many bytes of output. */
        void await(long bytes) throws IOException {
            while (surplus < bytes) {
                surplus += receive();
            }
            surplus -= bytes;
        }

        @Override
        public String next() throws IOException {
            int length = (int) receive();
            return new String(wire.message, wire.from + 1, length, StandardCharsets.ISO_8859_1);
        }

        Proc server() {
            return new Proc(process.pid());
        }

        /** The child is a {@link Workload}'s. */
        RawPty.Result run() throws IOException {
            await(Workload.READY.length());
            long began = System.nanoTime();
            type("\r");
            return drain(began);
        }

        /** Takes the output up to its end, and tells how much it was and when the last came. */
        RawPty.Result drain(long beganNanos) throws IOException {
            long bytes = surplus;
            long last = beganNanos;
            try {
                while (true) {
                    long more = receive();
                    bytes += more;
                    last = more > 0 ? System.nanoTime() : last;
                }
            } catch (EOFException end) {
                return new RawPty.Result((last - beganNanos) / 1e9, bytes);
            }
        }

        private long receive() throws IOException {
            wire.receive();
            return wire.to > wire.from && wire.message[wire.from] == OUTPUT ? wire.to - wire.from - 1 : 0;
        }

        @Override
        public void close() throws IOException {
            wire.close();
            link.close();
            process.destroy();
            try {
                process.waitFor(TIMEOUT_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    Connection connect(List<String> child) throws IOException, InterruptedException {
        return new Connection(child);
    }

    Stats echo(int keys, List<String> child, int readyBytes) throws IOException, InterruptedException {
        Stats ms = new Stats();
        try (Connection connection = new Connection(child)) {
            connection.await(readyBytes);
            for (int i = 0; i < keys; i++) {
                long began = System.nanoTime();
                connection.type("x");
                connection.await(1);
                ms.add((System.nanoTime() - began) / 1e6);
            }
        }
        return ms;
    }

    /** A connection over a link of that rate and delay. */
    Connection over(double bytesPerSecond, int delayMs, List<String> child) throws IOException, InterruptedException {
        Connection connection = new Connection(child, bytesPerSecond, delayMs, true);
        connection.wire.timeout(SLOW_TIMEOUT_MS);
        return connection;
    }

    private List<String> with(int port, List<String> child) {
        List<String> all = new ArrayList<>();
        for (String word : command) {
            if (word.equals("{command}")) {
                all.addAll(child);
            } else {
                all.add(word.replace("{port}", Integer.toString(port)));
            }
        }
        return all;
    }

    private static WebSocketWire connect(int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + START_MS * 1_000_000L;
        while (true) {
            try {
                return new WebSocketWire(port, "/ws", "Sec-WebSocket-Protocol: tty\r\n");
            } catch (ConnectException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
