/**
 * The PTY port and its two backends: in the epoll of the event loops on Linux, a thread per PTY elsewhere.
 * Only this package knows pty4j and JNA. Owner thread: the event loop of the session. May use {@code config}.
 */
@NullMarked
package io.termbus.pty;

import org.jspecify.annotations.NullMarked;
