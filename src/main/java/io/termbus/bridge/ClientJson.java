package io.termbus.bridge;

import io.netty.buffer.ByteBuf;
import io.termbus.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a client's bytes as one JSON object, in pieces: a message may be long enough for the collector to treat each copy
 * of it specially.
 */
public final class ClientJson {
    private static final Logger LOG = LoggerFactory.getLogger(ClientJson.class);
    private static final int PIECE_CHARS = 8192;

    private ClientJson() {}

    /** @throws HubException if they are anything else */
    public static JsonObject objectOf(Buffer json) {
        try {
            if (isUtf8(json) && Json.decodeValue(json) instanceof JsonObject object) {
                return object;
            }
        } catch (DecodeException e) {
            LOG.debug("not JSON: {}", e.getMessage());
        }
        throw HubException.malformed("message must be a JSON object");
    }

    /**
     * Strictly: Jackson alone takes overlong forms and lone surrogates, a byte order mark, and UTF-16 and UTF-32, of which a
     * zero among the first two bytes tells.
     */
    private static boolean isUtf8(Buffer json) {
        if (json.length() < 2 || json.getByte(0) <= 0 || json.getByte(1) == 0) {
            return false;
        }
        ByteBuf bytes = ((BufferInternal) json).getByteBuf();
        if (isAscii(bytes)) {
            return true;
        }
        ByteBuffer in = bytes.nioBuffer();
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer out = CharBuffer.allocate(Math.min(in.remaining(), PIECE_CHARS));
        CoderResult result;
        do {
            out.clear();
            result = decoder.decode(in, out, true);
        } while (result.isOverflow());
        return !result.isError();
    }

    /** As most messages are: eight bytes at a time. */
    private static boolean isAscii(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        long highBits = 0;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            highBits |= bytes.getLong(at);
        }
        for (; at < end; at++) {
            highBits |= bytes.getByte(at);
        }
        return (highBits & 0x8080_8080_8080_8080L) == 0;
    }
}
