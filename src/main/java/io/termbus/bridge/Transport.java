package io.termbus.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;

/** Port to the socket of one client. Used on the event loop of the connection only. */
public interface Transport {
    Dialect dialect();

    /** What stands around each message. */
    default Envelope envelope() {
        return Envelope.NONE;
    }

    /** An empty buffer for {@link #write}, of the kind that the transport writes without another copy. */
    default ByteBuf buffer(int bytes) {
        return Unpooled.buffer(bytes);
    }

    /**
     * Writes one frame; where the dialect is length-prefixed, one or several whole frames with their
     * prefixes. The future is done when the bytes have left for the peer, or cannot any more.
     *
     * @param frames made by {@link #buffer}; the transport releases it
     */
    Future<Void> write(ByteBuf frames);

    /** Closes the socket when all is flushed; {@link BridgeConnection#closed} must follow. Idempotent. */
    void close();

    /**
     * Closes the socket of a peer that does not read: what is not flushed is lost. A mere close would
     * wait for the flush, and keep the socket and its buffers as long as the peer likes. Idempotent.
     */
    void abort();

    /** Reads no more until {@link #resume}; what is on its way may still come. */
    default void pause() {}

    default void resume() {}

    /**
     * Whether the connection is there for one request of the client alone: there are many of them, and what the client drives
     * is not given back with it, but ends when its time is over.
     */
    default boolean isOneRequest() {
        return false;
    }

    /** IP address of the client, for limits; empty: a Unix socket, which has none. */
    default String address() {
        return "";
    }

    /** See {@link io.termbus.protocol.Headers#TRANSPORT}. */
    String name();

    /** Address of the peer, for logs and the stamp. */
    String peer();
}
