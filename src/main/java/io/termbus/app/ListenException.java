package io.termbus.app;

import io.vertx.core.Future;
import java.util.function.Function;

/** A listener cannot be bound. The message names the setting and the address. */
final class ListenException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * @param key the setting to change, such as {@code http.port}
     * @param address what it asked for, such as {@code 127.0.0.1:8080}
     */
    ListenException(String key, String address, Throwable cause) {
        super("cannot listen on " + address + " (" + key + "): " + cause.getMessage(), cause);
    }

    /** For {@code listen(…).recover(…)}. */
    static <T> Function<Throwable, Future<T>> naming(String key, String address) {
        return cause -> Future.failedFuture(new ListenException(key, address, cause));
    }
}
