package io.termbus.guard;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * One question for all who ask at about the same time: who asks while it is under way gets the answer to the next one, which
 * is put when it is over. So a burst of a thousand costs two. On one event loop.
 */
public final class Joint<T> {
    private final Supplier<Future<T>> question;
    private boolean asking;
    private boolean wanted;
    private Promise<T> next = Promise.promise();

    public Joint(Supplier<Future<T>> question) {
        this.question = question;
    }

    /** An answer as of now or later. */
    public Future<T> ask() {
        if (asking) {
            wanted = true;
            return next.future();
        }
        asking = true;
        return Future.succeededFuture().compose(begun -> question.get()).andThen(done -> over());
    }

    private void over() {
        asking = false;
        if (wanted) {
            wanted = false;
            Promise<T> waiting = next;
            next = Promise.promise();
            ask().onComplete(waiting);
        }
    }
}
