package io.termbus.pty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Timeout(20)
class OrphansTest {
    /** A child that has ended and that nobody has waited for. */
    private static int ended() throws Exception {
        PtySpec spec = new PtySpec(List.of("true"), Map.of(), Path.of("/"), 80, 24);
        int pid = ChildSpawner.spawn("/bin/true", spec, "/dev/null", -1);
        await().until(() -> ProcessStat.of(process(pid)).orElseThrow().state().equals("Z"));
        return pid;
    }

    private static Path process(int pid) {
        return Path.of("/proc", String.valueOf(pid));
    }

    @Test
    void oneThatNobodyWaitsForIsTakenAtTheSecondLook() throws Exception {
        try (Orphans orphans = new Orphans(pid -> false)) {
            int orphan = ended();

            orphans.look();
            assertThat(process(orphan)).exists();
            orphans.look();
            assertThat(process(orphan)).doesNotExist();
        }
    }

    @Test
    void oneThatOthersWaitForIsLeftToThem() throws Exception {
        int child = ended();
        try (Orphans orphans = new Orphans(pid -> pid == child)) {
            orphans.look();
            orphans.look();
            assertThat(process(child)).exists();
        }
        assertThat(Libc.waitpid(child, 0, Libc.WNOHANG)).isEqualTo(child);
    }

    @Test
    void thoseThatLiveAndThoseOfOthersAreLeft() throws Exception {
        Process child = new ProcessBuilder("sleep", "1000").start();
        try (Orphans orphans = new Orphans(pid -> false)) {
            orphans.look();
            orphans.look();
            assertThat(child.isAlive()).isTrue();
            assertThat(Files.exists(process((int) child.pid()))).isTrue();
        } finally {
            child.destroyForcibly();
        }
    }
}
