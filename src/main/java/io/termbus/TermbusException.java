package io.termbus;

/** What a hub refuses, with a code of the protocol (HTTP's) and a message for whoever asked. */
public final class TermbusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * @param code such as 401 not logged in, 403 not allowed, 404 not found, 429 a limit is reached, 503 unavailable
     * @param message the client may see it
     */
    public TermbusException(int code, String message) {
        super(message);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
