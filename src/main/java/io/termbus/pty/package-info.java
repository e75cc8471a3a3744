/**
 * The PTY port and its two backends: an epoll reactor on Linux, a thread per PTY elsewhere.
 * Only this package knows pty4j and JNA. Owner thread: the reactor's. May use {@code config}.
 */
@NullMarked
package io.termbus.pty;

import org.jspecify.annotations.NullMarked;
