package io.termbus.pty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AutogroupsTest {
    private final List<String> set = new ArrayList<>();
    private final Deque<Runnable> due = new ArrayDeque<>();
    private int open;
    /** How many changes the kernel takes until it says EAGAIN. */
    private int room;

    private final Autogroups groups = new Autogroups(true, Group::new, due::add);

    private final class Group extends OutputStream {
        private final int pid;

        Group(int pid) {
            this.pid = pid;
            open++;
        }

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException("a number goes in one call");
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            if (room == 0) {
                throw new IOException("Resource temporarily unavailable");
            }
            room--;
            set.add(pid + " " + new String(bytes, StandardCharsets.US_ASCII));
        }

        @Override
        public void close() {
            open--;
        }
    }

    private void timePasses() {
        due.remove().run();
    }

    @Test
    void aSessionWeighsLessAtOnceWhereTheKernelAllows() {
        room = 2;
        groups.set(1, 7);
        groups.set(2, 7);
        assertThat(set).containsExactly("1 7", "2 7");
        assertThat(due).isEmpty();
        assertThat(open).isZero();
    }

    @Test
    void elseOneAfterTheOtherLater() {
        room = 1;
        groups.set(1, 7);
        groups.set(2, 7);
        groups.set(3, 7);
        assertThat(set).containsExactly("1 7");
        timePasses();
        assertThat(set).hasSize(1);

        room = 1;
        timePasses();
        assertThat(set).containsExactly("1 7", "2 7");
        room = 1;
        timePasses();

        assertThat(set).containsExactly("1 7", "2 7", "3 7");
        assertThat(due).isEmpty();
        assertThat(open).isZero();
    }

    @Test
    void theLastWishCounts() {
        groups.set(1, 19);
        groups.set(2, 7);
        groups.set(1, 5);
        room = 2;
        timePasses();
        timePasses();
        assertThat(set).containsExactly("1 5", "2 7");
        assertThat(open).isZero();
    }

    @Test
    void thatIsTriedForAWhileAndKeepsOnlySoManyDescriptors() {
        for (int pid = 0; pid < 2 * Autogroups.MOST_WAITING; pid++) {
            groups.set(pid, 7);
        }
        assertThat(open).isEqualTo(Autogroups.MOST_WAITING);
        while (!due.isEmpty()) {
            assertThat(due).hasSize(1);
            timePasses();
        }
        assertThat(open).isZero();
        assertThat(set).isEmpty();
    }

    @Test
    void withoutAutogroupsOrWishNothingIsDone() {
        new Autogroups(
                        true,
                        pid -> {
                            throw new FileNotFoundException("/proc/1/autogroup");
                        },
                        due::add)
                .set(1, 5);
        room = 1;
        new Autogroups(false, Group::new, due::add).set(1, 5);
        assertThat(set).isEmpty();
        assertThat(due).isEmpty();
    }

    @Test
    void theKernelHasIt() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/autogroup")), "the kernel has no autogroups");
        PtySettings settings =
                new PtySettings(1000, Duration.ofSeconds(1), Duration.ofSeconds(1), false, OptionalLong.empty(), 7);
        try (PtyBackend backend = PtyBackends.open(settings)) {
            Recorder recorder = new Recorder();
            Pty pty = backend.start(PtyHarness.spec("cat"), recorder, Runnable::run);
            recorder.follow(pty);
            Path group = Path.of("/proc/" + pty.pid() + "/autogroup");
            // who may not always is made to wait
            Awaitility.await().until(() -> Files.readString(group).strip().endsWith(" nice 7"));
            assertThat(Files.readString(Path.of("/proc/self/autogroup")).strip())
                    .doesNotEndWith(" nice 7");
        }
    }
}
