package io.termbus.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what {@link LinkWriter} wrote, in the same order. Throws where the buffer ends too soon. */
final class LinkReader {
    private final Buffer buffer;
    private int at;

    LinkReader(Buffer buffer, int position) {
        this.buffer = buffer;
        this.at = position;
    }

    char kind() {
        return (char) buffer.getByte(at++);
    }

    long number() {
        at += Long.BYTES;
        return buffer.getLong(at - Long.BYTES);
    }

    int size() {
        at += Short.BYTES;
        return buffer.getUnsignedShort(at - Short.BYTES);
    }

    boolean flag() {
        return buffer.getByte(at++) != 0;
    }

    String text() {
        return optionalText().orElseThrow(() -> new IllegalArgumentException("a text is missing"));
    }

    Optional<String> optionalText() {
        int length = size();
        if (length == LinkWriter.ABSENT) {
            return Optional.empty();
        }
        at += length;
        return Optional.of(new String(buffer.getBytes(at - length, at), StandardCharsets.UTF_8));
    }

    /** A number of things, after how many there are. */
    <T> List<T> list(Function<LinkReader, T> each) {
        long count = number();
        List<T> all = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            all.add(each.apply(this));
        }
        return List.copyOf(all);
    }

    Payload bytes() {
        int length = buffer.getInt(at);
        at += Integer.BYTES + length;
        return Payload.of(buffer.getBytes(at - length, at));
    }
}
