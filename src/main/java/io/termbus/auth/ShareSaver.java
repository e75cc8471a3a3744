package io.termbus.auth;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down which shares hold. Where that fails, it tells so, and tries again by itself until it succeeds: a share that
 * was ended must not hold again after the next start. On the event loop of {@link SharesVerticle}.
 */
final class ShareSaver {
    static final Duration AGAIN = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(ShareSaver.class);

    private final Vertx vertx;
    private final Shares shares;
    private final Duration again;
    /** The file is not as it should be. */
    private boolean behind;

    private boolean retrying;

    /** @param again after a failure, {@link #AGAIN} */
    ShareSaver(Vertx vertx, Shares shares, Duration again) {
        this.vertx = vertx;
        this.shares = shares;
        this.again = again;
    }

    /** Succeeds when all is on the disk; fails with a {@link HubException} that names the file and the reason. */
    Future<Void> save() {
        return write().onSuccess(saved -> caughtUp()).recover(cause -> {
            fellBehind(cause);
            return Future.failedFuture(new HubException(
                    ErrorCode.INTERNAL, "could not be written to " + shares.file() + ": " + reason(cause)));
        });
    }

    /** The last chance: what could not be written is tried once more. */
    Future<Void> close() {
        retrying = true;
        return behind ? save() : Future.succeededFuture();
    }

    private Future<Void> write() {
        return vertx.executeBlocking(() -> {
            shares.save();
            return null;
        });
    }

    private void caughtUp() {
        if (behind) {
            behind = false;
            LOG.info("{} is written again", shares.file());
        }
    }

    private void fellBehind(Throwable cause) {
        if (!behind) {
            behind = true;
            LOG.error(
                    "{} cannot be written, and is tried again every {} s: after a start now shares would hold that were ended",
                    shares.file(),
                    again.toSeconds(),
                    cause);
        }
        if (!retrying) {
            retrying = true;
            vertx.setTimer(again.toMillis(), timer -> {
                retrying = false;
                if (behind) {
                    save().onFailure(still -> LOG.debug("still", still));
                }
            });
        }
    }

    /** The messages of most file exceptions are but the path. */
    private static String reason(Throwable cause) {
        if (cause instanceof FileSystemException file && file.getReason() == null) {
            return file.getClass().getSimpleName().replace("Exception", "");
        }
        return cause instanceof IOException ? String.valueOf(cause.getMessage()) : cause.toString();
    }
}
