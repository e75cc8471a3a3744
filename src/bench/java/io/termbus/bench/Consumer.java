package io.termbus.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A well-behaved subscriber: decodes what comes and acks each 16 KiB or after 50 ms. One thread. */
final class Consumer {
    static final int ACK_BYTES = 16 * 1024;
    static final int ACK_MS = 50;
    private static final int STUCK_MS = 30_000;

    /**
     * @param seconds from the input that starts the child's output to the last byte of it
     * @param bytes of output and of snapshots delivered
     * @param outputBytes how far the session's output went
     * @param skippedBytes of output that a snapshot replaced
     * @param exitMs from the last byte to the exit's delivery
     * @param cpuSeconds of the client's thread
     */
    record Result(
            double seconds,
            long bytes,
            long outputBytes,
            long skippedBytes,
            long deliveries,
            double exitMs,
            double cpuSeconds,
            String sha256) {
        double megabytesPerSecond() {
            return outputBytes / 1e6 / seconds;
        }
    }

    private final BusClient client;
    private final boolean digests;
    private final MessageDigest digest = sha256();
    private long seq;
    private long acked;
    private int unacked;
    private int sinceAck;
    private long offset;
    private long bytes;
    private long deliveries;

    /** @param digests compute the SHA-256 of the output, which takes time */
    Consumer(BusClient client, boolean digests) {
        this.client = client;
        this.digests = digests;
    }

    /** The newest so many deliveries are never acked. */
    Consumer keepUnacked(int count) {
        unacked = count;
        return this;
    }

    /** Attaches and waits until the child has said that it is ready. */
    void attach(String session, String lag) throws IOException {
        client.attach(session, lag, false);
        while (offset < Workload.READY.length()) {
            Delivery delivery = client.next();
            offset = Math.max(offset, delivery.offset());
            seq = Math.max(seq, delivery.seq());
        }
        client.ack(seq);
        acked = seq;
    }

    /** Attaches without ever being skipped, and hands over to one that reads heads only. */
    Skimmer skim(String session) throws IOException {
        attach(session, "block");
        return new Skimmer(client, seq, offset);
    }

    /** Takes everything up to the exit. */
    Result consume(long beganNanos) throws IOException {
        long cpu = cpuNanos();
        long startOffset = offset;
        long last = beganNanos;
        client.timeout(ACK_MS);
        while (true) {
            Delivery delivery = nextOrAck();
            if (delivery.kind().equals("disconnected")) {
                throw new IOException("disconnected after " + bytes + " bytes");
            }
            if (delivery.kind().equals("exit")) {
                break;
            }
            if (delivery.seq() > 0) {
                take(delivery);
                last = System.nanoTime();
            }
        }
        double exitMs = (System.nanoTime() - last) / 1e6;
        double cpuSeconds = (cpuNanos() - cpu) / 1e9;
        client.timeout(STUCK_MS);
        long skipped = client.status().getLong("skippedBytes");
        return new Result(
                (last - beganNanos) / 1e9,
                bytes,
                offset - startOffset,
                skipped,
                deliveries,
                exitMs,
                cpuSeconds,
                HexFormat.of().formatHex(digest.digest()));
    }

    private Delivery nextOrAck() throws IOException {
        long deadline = System.nanoTime() + STUCK_MS * 1_000_000L;
        while (true) {
            try {
                return client.next();
            } catch (SocketTimeoutException e) {
                ack();
                if (System.nanoTime() > deadline) {
                    throw new IOException("nothing came for " + STUCK_MS + " ms, after " + bytes + " bytes", e);
                }
            }
        }
    }

    private void take(Delivery delivery) throws IOException {
        byte[] body = delivery.body();
        if (delivery.isOutput() && delivery.offset() - body.length != offset) {
            throw new IOException("a gap: from " + offset + " to " + (delivery.offset() - body.length));
        }
        if (digests) {
            digest.update(body);
        }
        offset = delivery.offset();
        seq = delivery.seq();
        bytes += body.length;
        deliveries++;
        sinceAck += body.length;
        if (sinceAck >= ACK_BYTES) {
            ack();
        }
    }

    private void ack() throws IOException {
        if (acked < seq) {
            client.ack(seq - unacked);
            acked = seq;
            sinceAck = 0;
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
