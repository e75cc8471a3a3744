package io.termbus.bridge;

import io.netty.channel.ChannelFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * Writes past Vert.x' own queue of writes, which keeps what a closed connection had queued: Netty releases
 * every buffer, written or not.
 */
public final class ChannelWrites {
    private ChannelWrites() {}

    /** Done when the bytes have left, failed when they cannot any more. */
    public static Future<Void> future(ChannelFuture write) {
        Promise<Void> written = Promise.promise();
        write.addListener(done -> {
            if (done.isSuccess()) {
                written.complete();
            } else {
                written.fail(done.cause());
            }
        });
        return written.future();
    }
}
