package io.termbus.security;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/** Requests as no decent client sends them. */
final class RawHttp {
    private static final int TIMEOUT_MS = 60_000;

    private RawHttp() {}

    /** The whole answer to a request for a path that is sent as it stands. */
    static String get(int port, String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** The beginning of the answer on a connection that stays. */
    static String answerTo(Socket socket, String request) throws IOException {
        socket.setSoTimeout(TIMEOUT_MS);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        byte[] begin = new byte[12];
        int count = socket.getInputStream().readNBytes(begin, 0, begin.length);
        return new String(begin, 0, count, StandardCharsets.ISO_8859_1);
    }

    /** Sends so many requests without waiting for answers; how many come until the connection ends, or all have come. */
    static int ahead(int port, int count) throws IOException {
        byte[] requests =
                "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(count).getBytes(StandardCharsets.ISO_8859_1);
        int answers = 0;
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(TIMEOUT_MS);
            Thread writer = new Thread(() -> write(socket, requests));
            writer.start();
            Scanner scanner = new Scanner(socket.getInputStream(), StandardCharsets.ISO_8859_1);
            while (answers < count && scanner.findWithinHorizon("HTTP/1.1 200 ", 0) != null) {
                answers++;
            }
        }
        return answers;
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException closed) {
            Thread.yield(); // the reader notices
        }
    }
}
