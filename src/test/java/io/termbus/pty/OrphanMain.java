package io.termbus.pty;

import java.util.concurrent.CountDownLatch;

/** A hub with two children, which a test kills. Its argument is the kind of backend. */
final class OrphanMain {
    private OrphanMain() {}

    public static void main(String[] args) throws Exception {
        PtyHarness harness = new PtyHarness(PtyHarness.Kind.valueOf(args[0]));
        Recorder first = new Recorder();
        Recorder second = new Recorder();
        Pty one = harness.shell(first, "echo ready; exec sleep 1000");
        Pty two = harness.shell(second, "echo ready; exec sleep 1000");
        first.awaitText("ready");
        second.awaitText("ready");
        System.out.println("children " + one.pid() + " " + two.pid());
        new CountDownLatch(1).await();
    }
}
