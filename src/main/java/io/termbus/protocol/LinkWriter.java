package io.termbus.protocol;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Appends the fields of a {@link LinkMessage}: numbers in 8 bytes, sizes in 2, text and bytes after a length. */
final class LinkWriter {
    /** In place of the length of a text that is not there. */
    static final int ABSENT = 0xFFFF;

    private final Buffer buffer;

    LinkWriter(Buffer buffer) {
        this.buffer = buffer;
    }

    LinkWriter head(char kind, LinkMessage message) {
        buffer.appendByte((byte) kind);
        return text(message.link());
    }

    LinkWriter number(long number) {
        buffer.appendLong(number);
        return this;
    }

    LinkWriter size(int cols, int rows) {
        buffer.appendUnsignedShort(cols).appendUnsignedShort(rows);
        return this;
    }

    LinkWriter flag(boolean flag) {
        buffer.appendByte((byte) (flag ? 1 : 0));
        return this;
    }

    /** Ids, names and addresses: all far shorter than what two bytes count. */
    LinkWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= ABSENT) {
            throw new IllegalArgumentException("text of " + bytes.length + " bytes");
        }
        buffer.appendUnsignedShort(bytes.length).appendBytes(bytes);
        return this;
    }

    LinkWriter text(Optional<String> text) {
        text.ifPresentOrElse(this::text, () -> buffer.appendUnsignedShort(ABSENT));
        return this;
    }

    LinkWriter bytes(Payload payload) {
        buffer.appendInt(payload.length()).appendBytes(payload.bytes());
        return this;
    }
}
