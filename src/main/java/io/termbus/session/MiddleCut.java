package io.termbus.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text of which only the beginning and the end are kept where it is too long, and which says so. */
final class MiddleCut {
    private final int headRoom;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final byte[] tail;
    private long total;

    /** @param maxBytes in UTF-8, ≥ 1; the words that tell of the cut come on top */
    MiddleCut(int maxBytes) {
        headRoom = maxBytes - maxBytes / 2;
        tail = new byte[maxBytes / 2];
    }

    void add(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
    }

    void add(byte[] bytes) {
        int first = Math.min(bytes.length, headRoom - head.size());
        head.write(bytes, 0, first);
        total += first;
        if (tail.length == 0) {
            total += bytes.length - first;
            return;
        }
        int kept = Math.min(bytes.length - first, tail.length);
        total += bytes.length - first - kept;
        for (int from = bytes.length - kept; from < bytes.length; ) {
            int at = (int) ((total - headRoom) % tail.length);
            int count = Math.min(bytes.length - from, tail.length - at);
            System.arraycopy(bytes, from, tail, at, count);
            from += count;
            total += count;
        }
    }

    boolean isCut() {
        return total > headRoom + tail.length;
    }

    /** Characters that the cut went through are left out. */
    @Override
    public String toString() {
        byte[] first = head.toByteArray();
        byte[] last = tail();
        if (!isCut()) {
            byte[] all = Arrays.copyOf(first, first.length + last.length);
            System.arraycopy(last, 0, all, first.length, last.length);
            return new String(all, StandardCharsets.UTF_8);
        }
        int end = wholeCharacters(first);
        int begin = 0;
        while (begin < last.length && isContinuation(last[begin])) {
            begin++;
        }
        long left = total - end - (last.length - begin);
        return new String(first, 0, end, StandardCharsets.UTF_8)
                + "\n[… " + left + " bytes left out …]\n"
                + new String(last, begin, last.length - begin, StandardCharsets.UTF_8);
    }

    /** The end of the text, oldest byte first. */
    private byte[] tail() {
        long in = Math.max(0, total - headRoom);
        int size = (int) Math.min(in, tail.length);
        byte[] last = new byte[size];
        for (int i = 0; i < size; i++) {
            last[i] = tail[(int) ((in - size + i) % tail.length)];
        }
        return last;
    }

    private static boolean isContinuation(byte b) {
        return (b & 0xC0) == 0x80;
    }

    /** Up to where they are whole. */
    private static int wholeCharacters(byte[] bytes) {
        int start = bytes.length;
        while (start > 0 && isContinuation(bytes[start - 1])) {
            start--;
        }
        if (start == 0) {
            return bytes.length;
        }
        int lead = bytes[start - 1] & 0xFF;
        int needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        return bytes.length - start + 1 < needed ? start - 1 : bytes.length;
    }
}
