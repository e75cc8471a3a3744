package io.termbus.bridge.tcp;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Cuts a stream into frames: a 4-byte big-endian length and that many bytes. A length is checked before
 * any of its bytes are kept, so that at most one frame and one chunk are ever held.
 */
final class FrameParser {
    /** Longest frame that a client may send: the contract's. */
    static final int MAX_FRAME_BYTES = 1 << 20;

    private static final int PREFIX_BYTES = 4;

    private final Consumer<Buffer> frames;
    private Buffer held = Buffer.buffer();
    private boolean failed;

    /**
     * @param frames gets the bytes of each frame, without the prefix: a view of what was fed, which must not be written to
     */
    FrameParser(Consumer<Buffer> frames) {
        this.frames = frames;
    }

    /**
     * Takes the next bytes of the stream. After a failure the stream has no frames any more, and what
     * follows is dropped.
     *
     * @throws HubException if a length is not allowed
     */
    void feed(Buffer chunk) {
        if (failed) {
            return;
        }
        Buffer bytes = held.length() == 0 ? chunk : held.appendBuffer(chunk);
        int at = 0;
        while (hasFrame(bytes, at)) {
            int end = at + PREFIX_BYTES + bytes.getInt(at);
            frames.accept(bytes.slice(at + PREFIX_BYTES, end));
            at = end;
        }
        if (at > 0 || bytes != held) {
            held = bytes.getBuffer(at, bytes.length());
        }
    }

    private boolean hasFrame(Buffer bytes, int at) {
        int available = bytes.length() - at - PREFIX_BYTES;
        if (available < 0) {
            return false;
        }
        int length = bytes.getInt(at);
        check(length);
        return available >= length;
    }

    private void check(int length) {
        if (length > 0 && length <= MAX_FRAME_BYTES) {
            return;
        }
        failed = true;
        held = Buffer.buffer();
        ErrorCode code = length > MAX_FRAME_BYTES ? ErrorCode.TOO_LARGE : ErrorCode.MALFORMED;
        throw new HubException(code, "frame length must be 1.." + MAX_FRAME_BYTES + ", was " + length);
    }
}
