package io.termbus.protocol;

/** Failure codes of the contract. They are HTTP's, on the bus as on HTTP. */
public enum ErrorCode {
    /** A frame, field or argument is malformed; the message names the field. */
    MALFORMED(400),
    /** The connection has not logged in. */
    NOT_LOGGED_IN(401),
    /** The caller may not do this. */
    NOT_ALLOWED(403),
    /** No such session, subscriber, address or action. */
    NOT_FOUND(404),
    /** The request conflicts with the present state. */
    CONFLICT(409),
    /** The session has exited. */
    EXITED(410),
    /** A frame or body is larger than its limit. */
    TOO_LARGE(413),
    /** Somebody else drives the session, or types. */
    LOCKED(423),
    /** A limit is reached; the message names the setting. */
    LIMIT_REACHED(429),
    /** The hub failed; the log has the details. */
    INTERNAL(500),
    /** The hub is shutting down, or the owner of the session cannot be reached. */
    UNAVAILABLE(503);

    private final int code;

    ErrorCode(int code) {
        this.code = code;
    }

    /** The number sent as {@code failureCode}. */
    public int code() {
        return code;
    }
}
