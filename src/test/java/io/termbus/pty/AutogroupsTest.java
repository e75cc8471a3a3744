package io.termbus.pty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AutogroupsTest {
    private static final int ESRCH = 3;

    private final List<String> set = new ArrayList<>();
    private final Deque<Runnable> soon = new ArrayDeque<>();
    private final Deque<Runnable> due = new ArrayDeque<>();
    private final Set<Integer> gone = new HashSet<>();
    private int open;
    /** How many changes the kernel takes until it says EAGAIN. */
    private int room;

    private final Autogroups.Kernel kernel = new Autogroups.Kernel() {
        @Override
        public int open(int pid) {
            open++;
            return pid;
        }

        @Override
        public int write(int fd, int nice) {
            if (gone.contains(fd)) {
                return ESRCH;
            }
            if (room == 0) {
                return Libc.EAGAIN;
            }
            room--;
            set.add(fd + " " + nice);
            return 0;
        }

        @Override
        public void close(int fd) {
            open--;
        }
    };

    private final Autogroups groups = new Autogroups(true, kernel, soon::add, due::add);
    private final List<Autogroups.Group> all =
            IntStream.range(0, 1000).mapToObj(Autogroups.Group::new).toList();

    private boolean wish(int pid, int nice) {
        return groups.set(all.get(pid), nice);
    }

    private void theThreadWorks() {
        while (!soon.isEmpty()) {
            soon.remove().run();
        }
    }

    private void timePasses() {
        due.remove().run();
        theThreadWorks();
    }

    @Test
    void aSessionWeighsLessAtOnceWhereTheKernelAllows() {
        room = 2;
        wish(1, 7);
        wish(2, 7);
        theThreadWorks();
        assertThat(set).containsExactly("1 7", "2 7");
        assertThat(due).isEmpty();
        assertThat(open).isZero();
    }

    @Test
    void elseOneAfterTheOtherLaterAndFloodsFirst() {
        room = 1;
        wish(1, 7);
        wish(2, 7);
        wish(3, 7);
        theThreadWorks();
        assertThat(set).containsExactly("1 7");
        timePasses();
        assertThat(set).hasSize(1);

        wish(4, Autogroups.FLOOD_NICE);
        room = 1;
        timePasses();
        assertThat(set).containsExactly("1 7", "4 19");
        room = 2;
        timePasses();

        assertThat(set).containsExactly("1 7", "4 19", "2 7", "3 7");
        assertThat(due).isEmpty();
        assertThat(open).isZero();
    }

    @Test
    void theLastWishCounts() {
        wish(1, 19);
        wish(2, 7);
        wish(1, 5);
        room = 2;
        theThreadWorks();
        assertThat(set).containsExactly("1 5", "2 7");
        assertThat(open).isZero();
    }

    @Test
    void whoHasEndedHoldsUpNobody() {
        gone.addAll(List.of(1, 2, 3));
        for (int pid = 1; pid <= 4; pid++) {
            wish(pid, 7);
        }
        room = 1;
        theThreadWorks();
        assertThat(set).containsExactly("4 7");
        assertThat(due).isEmpty();
        assertThat(open).isZero();
    }

    @Test
    void soManyWaitAndTheOthersAreTold() {
        for (int pid = 0; pid < Autogroups.MOST_WAITING; pid++) {
            assertThat(wish(pid, 7)).isTrue();
        }
        assertThat(wish(500, 7)).isFalse();
        assertThat(open).isEqualTo(Autogroups.MOST_WAITING);
        theThreadWorks();

        groups.close();
        timePasses();
        assertThat(open).isZero();
        assertThat(set).isEmpty();
        assertThat(due).isEmpty();
    }

    @Test
    void withoutAutogroupsOrWishNothingIsDone() {
        Autogroups.Kernel none = new Autogroups.Kernel() {
            @Override
            public int open(int pid) {
                return -1;
            }

            @Override
            public int write(int fd, int nice) {
                throw new AssertionError("of no file");
            }

            @Override
            public void close(int fd) {
                throw new AssertionError("of no file");
            }
        };
        assertThat(new Autogroups(true, none, soon::add, due::add).set(all.get(1), 5))
                .isTrue();
        assertThat(new Autogroups(false, kernel, soon::add, due::add).set(all.get(1), 5))
                .isTrue();
        assertThat(soon).isEmpty();
        assertThat(open).isZero();
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
