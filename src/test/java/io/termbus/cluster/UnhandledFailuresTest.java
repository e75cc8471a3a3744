package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which failure is Vert.x' own, and none of ours. */
class UnhandledFailuresTest {
    private static IllegalStateException failure(String message, String... classes) {
        IllegalStateException failure = new IllegalStateException(message);
        StackTraceElement[] frames = new StackTraceElement[classes.length];
        for (int i = 0; i < classes.length; i++) {
            frames[i] = new StackTraceElement(classes[i], "method", "File.java", 1);
        }
        failure.setStackTrace(frames);
        return failure;
    }

    @Test
    void thatOfAWriteOfTheBusIsKnown() {
        assertThat(UnhandledFailures.isFailedWrite(failure(
                        "Promise already completed",
                        "io.vertx.core.Promise",
                        "io.vertx.core.net.impl.VertxConnection")))
                .isTrue();
        assertThat(UnhandledFailures.isFailedWrite(failure(
                        "Promise already completed",
                        "io.vertx.core.Promise",
                        "io.vertx.core.eventbus.impl.clustered.OutboundConnection",
                        "io.termbus.flow.output.LinkFeed")))
                .as("the connection was closed at the time of the write")
                .isTrue();
    }

    @Test
    void soIsThatOfAWriteOnAnotherLoop() {
        assertThat(UnhandledFailures.isFailedWrite(failure(
                        "Promise already completed",
                        "io.vertx.core.Promise",
                        "io.vertx.core.impl.future.FutureBase",
                        "io.netty.util.concurrent.AbstractEventExecutor")))
                .isTrue();
        assertThat(UnhandledFailures.isFailedWrite(failure(
                        "Promise already completed",
                        "io.vertx.core.Promise",
                        "io.vertx.core.impl.future.FutureBase",
                        "io.termbus.flow.output.Pump")))
                .isFalse();
    }

    @Test
    void allOthersAreDefects() {
        assertThat(UnhandledFailures.isFailedWrite(
                        failure("something else", "io.vertx.core.Promise", "io.vertx.core.net.impl.VertxConnection")))
                .isFalse();
        assertThat(UnhandledFailures.isFailedWrite(failure("Promise already completed", "io.vertx.core.Promise")))
                .isFalse();
        assertThat(UnhandledFailures.isFailedWrite(failure(
                        "Promise already completed",
                        "io.termbus.flow.output.Pump",
                        "io.vertx.core.net.impl.VertxConnection")))
                .isFalse();
    }
}
