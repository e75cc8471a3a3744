package io.termbus.cli.process;

import java.io.IOException;

/** Statuses that commands exit with, after {@code sysexits.h}. */
public final class Status {
    public static final int OK = 0;
    /** Unknown option or argument. */
    public static final int USAGE = 64;
    /** The hub refuses what was asked for: 400, 409, 413. */
    static final int DATA = 65;
    /** No such session, or it has exited: 404, 410. */
    public static final int NO_SESSION = 66;
    /** No hub there, the connection is lost, or the hub shuts down: 503. */
    public static final int UNAVAILABLE = 69;
    /** A fault of the hub (500) or of this program. */
    public static final int SOFTWARE = 70;
    /** The terminal, the standard input or the standard output cannot be used. */
    public static final int IO = 74;
    /** A limit is reached, or somebody else drives, later it may work: 423, 429. */
    static final int TRY_LATER = 75;
    /** The other side does not speak the hub's protocol. */
    public static final int PROTOCOL = 76;
    /** Wrong token, or the role does not allow it: 401, 403. */
    public static final int NOT_ALLOWED = 77;
    /** No token, or a file of the options cannot be read. */
    public static final int CONFIG = 78;
    /** What {@code wait} waits for did not happen; as timeout(1) has it. */
    public static final int NOT_IN_TIME = 124;
    /** The command of {@code run} is not a program that can be run. */
    public static final int COMMAND_NOT_EXECUTABLE = 126;
    /** The command of {@code run} does not exist. */
    public static final int COMMAND_NOT_FOUND = 127;
    /** {@code run} itself failed; all other statuses of {@code run} are the command's. */
    public static final int RUN_FAILED = 125;
    /** The status of a program that SIGPIPE ended. */
    static final int BROKEN_PIPE = 128 + 13;
    /** Shells report this plus n for a process that signal n ended. */
    public static final int SIGNALLED = 128;

    private Status() {}

    /** Returns the status of a command whose standard output takes no more. */
    public static int ofClosedOutput(IOException cause) throws CliException {
        if (String.valueOf(cause.getMessage()).contains("Broken pipe")) {
            return BROKEN_PIPE;
        }
        throw new CliException(IO, "the standard output cannot be written: " + cause.getMessage());
    }

    /** @param failureCode of an error frame */
    public static int ofFailure(int failureCode) {
        return switch (failureCode) {
            case 400, 409, 413 -> DATA;
            case 401, 403 -> NOT_ALLOWED;
            case 404, 410 -> NO_SESSION;
            case 423, 429 -> TRY_LATER;
            case 503 -> UNAVAILABLE;
            default -> SOFTWARE;
        };
    }
}
