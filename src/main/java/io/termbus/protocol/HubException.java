package io.termbus.protocol;

/** The one exception of the hub's contract: an {@link ErrorCode} and a message that the client may see. */
public final class HubException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    public HubException(ErrorCode error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    public ErrorCode error() {
        return error;
    }

    public static HubException malformed(String message) {
        return new HubException(ErrorCode.MALFORMED, message);
    }

    public static HubException notFound(String message) {
        return new HubException(ErrorCode.NOT_FOUND, message);
    }

    /**
     * A limit is reached.
     *
     * @param setting the key of the setting that holds the limit, or the name of the fixed limit
     */
    public static HubException limit(String setting, String message) {
        return new HubException(ErrorCode.LIMIT_REACHED, message + " (" + setting + ")");
    }

    /** The limit that a message of {@link #limit} names, also one that came from elsewhere; empty text: none. */
    public static String limitIn(String message) {
        int begin = message.lastIndexOf(" (");
        return begin >= 0 && message.endsWith(")") ? message.substring(begin + 2, message.length() - 1) : "";
    }
}
