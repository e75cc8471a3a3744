package io.termbus.session;

import io.termbus.protocol.Fields;

/**
 * The arguments of {@code run}.
 *
 * @param maxBytes of the text in the answer
 */
record RunSpec(String command, long timeoutMs, int maxBytes) {
    /** Shells redraw the line that they are typed; what is longer belongs into a file. */
    static final int MAX_COMMAND_CHARS = 32_768;

    private static final long DEFAULT_TIMEOUT_MS = 30_000;

    static RunSpec of(Fields fields) {
        String command = fields.requiredText("command", MAX_COMMAND_CHARS).strip();
        if (command.isEmpty() || command.indexOf('\0') >= 0) {
            throw Fields.bad("command", "must not be blank, nor hold a NUL character", command);
        }
        return new RunSpec(
                command,
                fields.number("timeoutMs", 0, WaitSpec.MAX_TIMEOUT_MS).orElse(DEFAULT_TIMEOUT_MS),
                OutputReads.maxBytes(fields));
    }
}
