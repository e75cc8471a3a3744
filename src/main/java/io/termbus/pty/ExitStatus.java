package io.termbus.pty;

import java.util.Optional;

/**
 * How a child ended.
 *
 * @param code the exit code, 0..255; where a signal ended the child, 128 + its number, as shells say it
 * @param signal the name of the signal that ended the child, such as {@code SIGKILL}
 */
public record ExitStatus(int code, Optional<String> signal) {}
