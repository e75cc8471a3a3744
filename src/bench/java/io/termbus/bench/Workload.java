package io.termbus.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A child that says {@code ready}, waits for a line of input, writes its output and ends.
 *
 * @param name as in the report
 */
record Workload(String name, String output) {
    static final String READY = "ready\r\n";

    private static final int MB = 1_000_000;
    private static final int LINE = 80;
    private static final int SEED = 42;

    static Workload numbers() {
        return new Workload("W1", "seq 1 1000000");
    }

    /** 100 MB of lines of 80 printable characters. */
    static Workload lines(Path directory) throws IOException {
        Path file = directory.resolve("lines");
        Random random = new Random(SEED);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), MB)) {
            byte[] line = new byte[LINE + 1];
            line[LINE] = '\n';
            for (int written = 0; written < 100 * MB; written += line.length) {
                for (int i = 0; i < LINE; i++) {
                    line[i] = (byte) (' ' + 1 + random.nextInt(94));
                }
                out.write(line);
            }
        }
        return new Workload("W2", "cat " + file);
    }

    /** 50 MB as of a colourful build in a full-screen program: SGR in all its forms, moves, erasures, UTF-8. */
    static Workload escapes(Path directory) throws IOException {
        Path file = directory.resolve("escapes");
        Random random = new Random(SEED);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), MB)) {
            long written = 0;
            while (written < 50L * MB) {
                byte[] piece = piece(random).getBytes(StandardCharsets.UTF_8);
                out.write(piece);
                written += piece.length;
            }
        }
        return new Workload("W3", "cat " + file);
    }

    private static String piece(Random random) {
        int n = random.nextInt(256);
        return switch (random.nextInt(10)) {
            case 0 -> "\033[38;5;" + n + "m";
            case 1 -> "\033[48;2;" + n + ";" + random.nextInt(256) + ";" + random.nextInt(256) + "m";
            case 2 -> "\033[0m";
            case 3 -> "\033[1;3;4;" + (31 + n % 7) + "m";
            case 4 -> "\033[" + (1 + n % 24) + ";" + (1 + random.nextInt(80)) + "H";
            case 5 -> "\033[K";
            case 6 -> "\033[" + (1 + n % 5) + (char) ('A' + n % 4);
            case 7 -> "ünï→" + (char) ('一' + n);
            case 8 -> "\r\n";
            default -> "words of " + n + " letters ";
        };
    }

    /** The beginning of the same output; only for the ones made of a file. */
    Workload first(int bytes) {
        return new Workload(name, output.replaceFirst("^cat ", "head -c " + bytes + " "));
    }

    List<String> command() {
        return List.of("sh", "-c", "echo ready; read line; exec " + output);
    }
}
