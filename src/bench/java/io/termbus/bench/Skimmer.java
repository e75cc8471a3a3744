package io.termbus.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A subscriber that reads the heads of its deliveries only, and acks each 16 KiB, so that one thread can be
 * a hundred of them. It checks that seq and offset leave nothing out.
 */
final class Skimmer {
    private static final Pattern SEQ = Pattern.compile("\"seq\":\"(\\d+)\"");
    private static final Pattern OFFSET = Pattern.compile("\"offset\":\"(\\d+)\"");
    private static final int HEAD_BYTES = 320;
    private static final int READ_BYTES = 1 << 18;
    private static final int STUCK_MS = 30_000;
    private static final int CONTINUATION = 0;

    private final BusClient client;
    private final SocketChannel channel;
    private final byte[] head = new byte[HEAD_BYTES];
    private int had;
    private long skip;
    private long seq;
    private long acked;
    private long offset;
    private long ackedOffset;
    private boolean done;

    /** @param client attached; all that came so far was taken, up to delivery {@code seq} and {@code offset} */
    Skimmer(BusClient client, long seq, long offset) throws IOException {
        this.client = client;
        this.channel = client.wire().channel();
        this.seq = seq;
        this.acked = seq;
        this.offset = offset;
        this.ackedOffset = offset;
        channel.configureBlocking(false);
    }

    long offset() {
        return offset;
    }

    /** Follows all of them to their exits; one thread. Returns when the last byte came, in nanoseconds. */
    static long followAll(List<Skimmer> all) throws IOException {
        return followAll(all, Long.MAX_VALUE);
    }

    /** The same up to an offset, or the exit where that comes first. */
    static long followAll(List<Skimmer> all, long until) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
        int left = all.size();
        long last = System.nanoTime();
        try (Selector selector = Selector.open()) {
            for (Skimmer each : all) {
                each.channel.register(selector, SelectionKey.OP_READ, each);
            }
            while (left > 0) {
                if (selector.select(STUCK_MS) == 0) {
                    throw new IOException("nothing came for " + STUCK_MS + " ms");
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    Skimmer each = (Skimmer) key.attachment();
                    long before = each.offset;
                    each.read(buffer);
                    last = each.offset > before ? System.nanoTime() : last;
                    if (each.done || each.offset >= until) {
                        key.cancel();
                        left--;
                    }
                }
                selector.selectedKeys().clear();
            }
        }
        return last;
    }

    private void read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            throw new EOFException("the hub closed the connection");
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            int passed = (int) Math.min(skip, buffer.remaining());
            buffer.position(buffer.position() + passed);
            skip -= passed;
            if (skip == 0 && buffer.hasRemaining()) {
                takeHead(buffer);
            }
        }
        if (offset - ackedOffset >= Consumer.ACK_BYTES && acked < seq) {
            client.ack(seq);
            acked = seq;
            ackedOffset = offset;
        }
    }

    private void takeHead(ByteBuffer buffer) throws IOException {
        int prefix = prefix();
        int wanted = had < prefix ? prefix : (int) Math.min(HEAD_BYTES, prefix + length());
        if (had < wanted) {
            int count = Math.min(wanted - had, buffer.remaining());
            buffer.get(head, had, count);
            had += count;
        }
        prefix = prefix();
        if (had >= prefix && had == Math.min(HEAD_BYTES, prefix + length())) {
            skip = prefix + length() - had;
            parse(prefix);
            had = 0;
        }
    }

    private boolean webSocket() {
        return client.transport() == BusClient.Transport.WEB_SOCKET;
    }

    private int prefix() {
        if (!webSocket()) {
            return 4;
        }
        return had < 2 || (head[1] & 0xFF) < 126 ? 2 : (head[1] & 0xFF) == 126 ? 4 : 10;
    }

    private long length() {
        ByteBuffer bytes = ByteBuffer.wrap(head);
        if (!webSocket()) {
            return bytes.getInt();
        }
        return switch (prefix()) {
            case 4 -> bytes.getShort(2) & 0xFFFF;
            case 10 -> bytes.getLong(2);
            default -> head[1] & 0xFF;
        };
    }

    private void parse(int prefix) throws IOException {
        if (webSocket() && (head[0] & 0xF) == CONTINUATION) {
            return;
        }
        if (head[prefix] != '{') {
            Delivery delivery = Delivery.ofBinary(head, prefix, had);
            delivered(delivery.seq(), delivery.offset());
            return;
        }
        String text = new String(head, prefix, had - prefix, StandardCharsets.ISO_8859_1);
        Matcher number = SEQ.matcher(text);
        Matcher end = OFFSET.matcher(text);
        if (number.find() && end.find()) {
            delivered(Long.parseLong(number.group(1)), Long.parseLong(end.group(1)));
        } else if (text.contains("\"kind\":\"exit\"")) {
            done = true;
        } else if (text.contains("\"type\":\"err\"") || text.contains("\"kind\":\"disconnected\"")) {
            throw new IOException(text);
        }
    }

    private void delivered(long newSeq, long newOffset) throws IOException {
        if (newSeq != seq + 1) {
            throw new IOException("delivery " + newSeq + " after " + seq);
        }
        seq = newSeq;
        offset = newOffset;
    }
}
