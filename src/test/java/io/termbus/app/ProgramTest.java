package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private static final Program HUB = new Program(
            "/jdk/bin/java",
            List.of(
                    "java",
                    "-Xmx1g",
                    "-XX:ArchiveClassesAtExit=/tmp/x",
                    "-jar",
                    "/opt/termbus.jar",
                    "serve",
                    "--cluster"),
            List.of("A=b"));

    @Test
    void anotherJarTakesThePlaceOfTheOneThatRuns() {
        assertThat(HUB.jar()).contains(Path.of("/opt/termbus.jar"));
        Program next = HUB.withJar(Path.of("/opt/new.jar"));
        assertThat(next.arguments())
                .containsExactly(
                        "java",
                        "-Xmx1g",
                        "-XX:ArchiveClassesAtExit=/tmp/x",
                        "-jar",
                        "/opt/new.jar",
                        "serve",
                        "--cluster");
        assertThat(next.environment()).isEqualTo(HUB.environment());
    }

    @Test
    void itSaysOnceWhatToGoOnWithHoweverOftenItIsChanged() {
        assertThat(HUB.resuming(7).resuming(9).arguments().subList(5, 9))
                .containsExactly("serve", "--cluster", "--resume-fd", "9");
    }

    @Test
    void theCheckLeavesNothingBehind() {
        assertThat(HUB.resuming(7).resuming(9).environment())
                .containsAll(HUB.environment())
                .filteredOn(each -> each.startsWith("_JAVA_SR_SIGNUM="))
                .containsExactly("_JAVA_SR_SIGNUM=62");
        assertThat(HUB.resuming(7).checking())
                .containsExactly(
                        "/jdk/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx1g",
                        "-jar",
                        "/opt/termbus.jar",
                        "serve",
                        "--cluster",
                        "--check-resume");
    }

    @Test
    void argumentsMayBeOfAnyBytesAndEmpty() {
        byte[] line = {'a', 0, 0, (byte) 0xFF, 'b', 0};
        List<String> strings = Program.strings(line);
        assertThat(strings).hasSize(3);
        assertThat(Program.bytes(strings))
                .containsExactly(new byte[] {'a'}, new byte[0], new byte[] {(byte) 0xFF, 'b'});
    }

    @Test
    void aProcessOfClassesHasNoJar() {
        assertThat(new Program("java", List.of("java", "-cp", "x", "Main"), List.of()).jar())
                .isEqualTo(Optional.empty());
    }
}
