package io.termbus.pty;

import io.termbus.pty.PtyHarness.Kind;

/** The same without Netty's native transport. */
class PlainEpollTest extends LoopBackendTest {
    @Override
    Kind kind() {
        return Kind.LINUX_PLAIN;
    }
}
