package io.termbus.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A delivery, read from its JSON without a JSON parser, so that the client costs little. Headers come
 * before the body, as the hub writes them; the order of the headers does not matter.
 *
 * @param body decoded; empty for a notice
 */
record Delivery(String kind, long seq, long offset, byte[] body) {
    private static final byte[] BODY = ascii("\"body\":\"");
    private static final byte[] TCP_TAIL = ascii("\",\"send\":true}");
    private static final byte[] TAIL = ascii("\"}");
    private static final byte BINARY_SNAPSHOT = 2;
    private static final byte BINARY_ACK = 3;
    private static final byte BINARY_INPUT = 4;
    private static final int MOST_HEAD_BYTES = 512;
    private static final byte[] NOTHING = {};

    static Delivery parse(byte[] json, int from, int to) {
        int body = indexOf(BODY, json, from, Math.min(to, from + MOST_HEAD_BYTES));
        String head = new String(
                json,
                from,
                (body < 0 ? Math.min(to, from + MOST_HEAD_BYTES) : body) - from,
                StandardCharsets.ISO_8859_1);
        return new Delivery(
                header(head, "kind"),
                number(header(head, "seq")),
                number(header(head, "offset")),
                body < 0 ? NOTHING : decode(json, body + BODY.length, bodyEnd(json, to)));
    }

    /** The layout is that of docs/protocol.md. */
    static Delivery ofBinary(byte[] frame, int from, int to) {
        ByteBuffer in = ByteBuffer.wrap(frame, from, to - from);
        boolean snapshot = in.get() == BINARY_SNAPSHOT;
        in.getInt();
        long seq = in.getLong();
        long offset = in.getLong();
        if (snapshot) {
            in.getInt();
        }
        return new Delivery(
                snapshot ? "snapshot" : "output", seq, offset, Arrays.copyOfRange(frame, in.position(), to));
    }

    static byte[] binaryAck(int channel, long seq) {
        return ByteBuffer.allocate(13)
                .put(BINARY_ACK)
                .putInt(channel)
                .putLong(seq)
                .array();
    }

    static byte[] binaryInput(int channel, String data) {
        byte[] bytes = ascii(data);
        return ByteBuffer.allocate(5 + bytes.length)
                .put(BINARY_INPUT)
                .putInt(channel)
                .put(bytes)
                .array();
    }

    boolean isOutput() {
        return kind.equals("output");
    }

    private static byte[] decode(byte[] json, int from, int to) {
        return Base64.getUrlDecoder().decode(Arrays.copyOfRange(json, from, to));
    }

    private static int bodyEnd(byte[] json, int to) {
        byte[] tail = endsWith(json, to, TCP_TAIL) ? TCP_TAIL : TAIL;
        if (!endsWith(json, to, tail)) {
            throw new IllegalStateException("a delivery ends with something new");
        }
        return to - tail.length;
    }

    private static boolean endsWith(byte[] json, int to, byte[] tail) {
        return Arrays.equals(json, to - tail.length, to, tail, 0, tail.length);
    }

    private static String header(String head, String name) {
        String key = "\"" + name + "\":\"";
        int at = head.indexOf(key);
        return at < 0 ? "" : head.substring(at + key.length(), head.indexOf('"', at + key.length()));
    }

    private static long number(String text) {
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private static int indexOf(byte[] what, byte[] in, int from, int to) {
        for (int at = from; at <= to - what.length; at++) {
            if (in[at] == what[0] && Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
