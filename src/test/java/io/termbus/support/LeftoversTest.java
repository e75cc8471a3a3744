package io.termbus.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeftoversTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void aThreadOfOursAndAProcessAreNamedUntilTheyEnd() throws Exception {
        Leftovers before = new Leftovers();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = waiting("termbus-left", end);
        Process process = new ProcessBuilder("sleep", "60").start();

        assertThat(before.await(SHORT)).hasSize(2).anyMatch(each -> each.equals("thread termbus-left"));
        end.countDown();
        process.destroyForcibly().waitFor();
        thread.join(TimeUnit.SECONDS.toMillis(20));

        assertThat(before.await(Duration.ofSeconds(20))).isEmpty();
    }

    @Test
    void threadsOfTheJdkAreNobodys() throws Exception {
        Leftovers before = new Leftovers();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = waiting("HttpClient-1-SelectorManager", end);

        assertThat(before.await(SHORT)).isEmpty();
        end.countDown();
        thread.join(TimeUnit.SECONDS.toMillis(20));
    }

    @Test
    void whatAnotherThreadThrowsIsKeptForTheTestWhoseItIs() throws Exception {
        Thread failing = new Thread(() -> {
            throw new IllegalStateException("of another thread");
        });
        failing.start();
        failing.join(TimeUnit.SECONDS.toMillis(20));

        assertThat(Strays.take())
                .singleElement()
                .satisfies(each -> assertThat(each).hasRootCauseMessage("of another thread"));
    }

    @Test
    void aWorkerOfAClosedVertxIsNoFailure() throws Exception {
        Thread late = new Thread(() -> {
            throw new RejectedExecutionException("event executor terminated");
        });
        late.start();
        late.join(TimeUnit.SECONDS.toMillis(20));

        assertThat(Strays.take()).isEmpty();
    }

    /** As it did by default: that is how a test failed for what another one had left. */
    @Test
    void awaitilityDoesNotTakeWhatOtherThreadsThrow() {
        Thread failing = new Thread(() -> {
            throw new IllegalStateException("of another thread");
        });
        Awaitility.await().until(() -> {
            if (failing.getState() == Thread.State.NEW) {
                failing.start();
            }
            return failing.getState() == Thread.State.TERMINATED;
        });

        Awaitility.await().until(() -> Strays.take().size() == 1);
    }

    private static Thread waiting(String name, CountDownLatch end) {
        Thread thread = new Thread(
                () -> {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
