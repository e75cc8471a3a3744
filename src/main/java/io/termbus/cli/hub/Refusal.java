package io.termbus.cli.hub;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;

/** The hub answered a request with an error. */
public final class Refusal extends CliException {
    public static final int MALFORMED = 400;
    public static final int LIMIT_REACHED = 429;
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    Refusal(int code, String message) {
        super(Status.ofFailure(code), message + fix(code, message));
        this.code = code;
        this.reason = message;
    }

    /** The {@code failureCode}. */
    public int code() {
        return code;
    }

    /** What the hub said, without what helps who uses a command. */
    public String reason() {
        return reason;
    }

    /** Of nodes there is no list. */
    private static String existing(String message) {
        if (message.startsWith("no such node")) {
            return "";
        }
        return message.startsWith("no such share") ? "; 'shares' lists them" : "; 'ls' shows the sessions";
    }

    private static String fix(int code, String message) {
        return switch (code) {
            case 400 -> message.contains("working directory") ? "; --cwd names one on the hub's machine" : "";
            case 401 -> "; give the hub's token by --token-file or TERMBUS_AUTH_TOKEN";
            case 403 -> "; it takes a token of another role";
            case 404, 410 -> existing(message);
            case 429 -> "; try again later";
            case 500 -> "; the hub's log says why";
            case 503 -> "; try again when the hub is up";
            default -> "";
        };
    }
}
