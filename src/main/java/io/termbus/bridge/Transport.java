package io.termbus.bridge;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Port to the socket of one client. Used on the event loop of the connection only. */
public interface Transport {
    Dialect dialect();

    /**
     * Writes one frame; where the dialect is length-prefixed, one or several whole frames with their
     * prefixes. The future is done when the bytes have left for the peer, or cannot any more.
     */
    Future<Void> write(Buffer frames);

    /** Closes the socket; {@link BridgeConnection#closed} must follow. Idempotent. */
    void close();

    /** Address of the peer, for logs and the stamp. */
    String peer();
}
