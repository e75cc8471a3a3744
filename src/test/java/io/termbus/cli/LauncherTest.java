package io.termbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/termbus} in a directory whose name has blanks, with Javas that say what they were told and write the archive. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class LauncherTest {
    private static final String WRITE = "-XX:ArchiveClassesAtExit=";
    private static final String READ = "-XX:SharedArchiveFile=";

    private record Run(int status, List<String> out, String err) {
        /** What the Java was told after the jar. */
        List<String> arguments() {
            return out.subList(out.indexOf("-jar") + 2, out.size());
        }

        String archive(String option) {
            return out.stream()
                    .filter(line -> line.startsWith(option))
                    .map(line -> line.substring(option.length()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(out + err));
        }
    }

    @TempDir
    Path directory;

    private Path installed;
    private Path launcher;
    private Path cache;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void install() throws Exception {
        installed = Files.createDirectories(directory.resolve("in a place"));
        launcher = installed.resolve("termbus");
        Files.copy(Path.of("bin", "termbus"), launcher);
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(installed.resolve("termbus.jar"), "a jar");
        age(installed.resolve("termbus.jar"));
        cache = directory.resolve("the cache");
        environment.put("XDG_CACHE_HOME", cache.toString());
        environment.put("JAVA_HOME", jdk("jdk 17", "17.0.9", "archive").toString());
    }

    private static void age(Path jar) throws IOException {
        Files.setLastModifiedTime(
                jar, java.nio.file.attribute.FileTime.from(Instant.now().minusSeconds(3600)));
    }

    /**
     * @param version in its file {@code release}; empty: it has none
     * @param archive what it writes as an archive
     */
    private Path jdk(String name, String version, String archive) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        if (!version.isEmpty()) {
            Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        }
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(
                java,
                "#!/bin/sh\nif [ \"$1\" = -version ]; then echo 'openjdk version \"21.0.1\" 2023-10-17' >&2; exit; fi\n"
                        + "echo \"" + name + "\"\n"
                        + "for each; do printf '%s\\n' \"$each\"; case $each in " + WRITE + "*) printf '"
                        + archive + "' > \"${each#" + WRITE + "}\";; esac; done\n[ \"$each\" != fail ] || exit 7\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private Run run(String... arguments) throws Exception {
        return run(launcher, arguments);
    }

    private Run run(Path command, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("sh", command.toString()));
        all.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(all).directory(directory.toFile());
        builder.environment().keySet().removeAll(List.of("HOME", "JAVA_HOME", "XDG_CACHE_HOME"));
        builder.environment().putAll(environment);
        Path err = Files.createTempFile(directory, "err", "");
        Process process = builder.redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), out.lines().toList(), Files.readString(err));
    }

    @Test
    void argumentsAndTheStatusGoThroughWhateverIsInThem() throws Exception {
        Run run = run("send", "a b", "*", "it's \"so\"", "", "--", "$HOME", "fail");

        assertThat(run.arguments()).containsExactly("send", "a b", "*", "it's \"so\"", "", "--", "$HOME", "fail");
        assertThat(run.out().get(run.out().indexOf("-jar") + 1)).isEqualTo(installed + "/termbus.jar");
        assertThat(run.status()).isEqualTo(7);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void itIsFoundByALinkToItFromElsewhere() throws Exception {
        Path link = Files.createSymbolicLink(
                Files.createDirectories(directory.resolve("links")).resolve("hub"), launcher);

        assertThat(run(link, "ls").arguments()).containsExactly("ls");
    }

    @Test
    void anOldJavaIsPassedOverAlsoWhereItIsTheUsers() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk 8", "1.8.0_402", "").toString());
        environment.put("PATH", jdk("jdk 21", "21.0.1", "archive") + "/bin:" + System.getenv("PATH"));
        assertThat(run("ls").out().get(0)).isEqualTo("jdk 21");

        environment.put("PATH", jdk("jdk 11", "11.0.2", "") + "/bin:/usr/bin:/bin");
        Run other = run("ls");
        boolean installedElsewhere = other.status() != 69;
        assertThat(installedElsewhere ? "" : other.err())
                .isIn("", "termbus: no Java of at least 17 in JAVA_HOME, on the PATH or in /usr/lib/jvm\n");
        assertThat(other.out()).doesNotContain("jdk 11", "jdk 8");
    }

    @Test
    void aJavaThatSaysNothingInItsFilesIsAsked() throws Exception {
        environment.put("JAVA_HOME", jdk("bare", "", "archive").toString());

        assertThat(run("ls").out().get(0)).isEqualTo("bare");
    }

    @Test
    void theFirstRunWritesAnArchiveThatTheNextOnesUse() throws Exception {
        String written = run("ls").archive(WRITE);
        assertThat(written).startsWith(cache + "/termbus/");
        String used = run("attach", "x").archive(READ);
        assertThat(written).startsWith(used + ".");
        assertThat(Files.getPosixFilePermissions(cache.resolve("termbus")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void theHubHasAnArchiveOfItsOwnAndWordsWriteNone() throws Exception {
        assertThat(run("--version").out()).noneMatch(line -> line.startsWith(WRITE));
        String hub = run().archive(WRITE);
        assertThat(run("serve").archive(READ)).isEqualTo(hub.replaceAll("\\.[0-9]+$", ""));
        assertThat(run("--version").archive(READ)).isEqualTo(run("--help").archive(READ));
        assertThat(run("--set", "http.port=0").archive(READ))
                .isEqualTo(run("--cluster").archive(READ));
        assertThat(run("ls").archive(WRITE)).isNotEqualTo(hub);
    }

    @Test
    void whatMayLastHasTheBetterCompiler() throws Exception {
        for (String lasting : List.of("run", "serve")) {
            assertThat(run(lasting).out()).as(lasting).doesNotContain("-XX:TieredStopAtLevel=1");
        }
        assertThat(run("ls").out()).contains("-XX:TieredStopAtLevel=1");
    }

    @Test
    void anotherJarAndAnotherJavaHaveOthers() throws Exception {
        run("ls");
        String first = run("ls").archive(READ);
        Files.writeString(installed.resolve("termbus.jar"), "another jar");
        age(installed.resolve("termbus.jar"));
        assertThat(run("ls").archive(WRITE)).doesNotStartWith(first);

        Files.writeString(installed.resolve("termbus.jar"), "a jar");
        age(installed.resolve("termbus.jar"));
        assertThat(run("ls").archive(READ)).isEqualTo(first);
        environment.put("JAVA_HOME", jdk("jdk 22", "22", "archive").toString());
        assertThat(run("ls").archive(WRITE)).doesNotStartWith(first);
    }

    @Test
    void anArchiveThatIsCutIsNotUsed() throws Exception {
        environment.put("JAVA_HOME", jdk("jdk 17", "17.0.9", "\\0\\0\\0\\0rest").toString());
        run("serve");
        assertThat(run("serve").archive(WRITE)).isNotEmpty();
        environment.put("JAVA_HOME", jdk("jdk 17", "17.0.9", "").toString());
        run("serve");

        assertThat(run("serve").archive(WRITE)).isNotEmpty();
    }

    /** It has loaded but a part of what others need. */
    @Test
    void aCommandThatFailsLeavesNoArchive() throws Exception {
        String written = run("ls", "fail").archive(WRITE);

        assertThat(Path.of(written)).doesNotExist();
        assertThat(run("ls").archive(WRITE)).isNotEmpty();
        assertThat(run("ls").archive(READ)).isNotEmpty();
    }

    @Test
    void withoutACacheItRunsAllTheSame() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        environment.put("XDG_CACHE_HOME", file.toString());
        assertPlain(run("ls"));
        environment.remove("XDG_CACHE_HOME");
        assertPlain(run("ls"));
        environment.put("HOME", directory.resolve("home").toString());
        assertThat(run("ls").archive(WRITE)).startsWith(directory + "/home/.cache/termbus/");
    }

    private static void assertPlain(Run run) {
        assertThat(run.out())
                .containsExactly(
                        "jdk 17",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-jar",
                        run.out().get(4),
                        "ls");
        assertThat(run.arguments()).containsExactly("ls");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
    }

    @Test
    void withoutAJarItSaysWhereItLooked() throws Exception {
        Files.delete(installed.resolve("termbus.jar"));
        Run run = run("ls");

        assertThat(run.err()).isEqualTo("termbus: no termbus.jar in or beside " + installed + "\n");
        assertThat(run.status()).isEqualTo(69);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).doesNotContain(cache);
        }
    }
}
