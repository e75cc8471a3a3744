package io.termbus.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.config.ConfigException;
import io.termbus.config.ConfigLoader;
import io.termbus.config.HubConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class AdminTokenTest {
    @TempDir
    Path directory;

    private Path home;
    private Path file;

    @BeforeEach
    void setUp() throws IOException {
        home = directory.resolve("a/home");
        file = home.resolve("token");
        HomeDirectory.prepare(home);
    }

    @Test
    void theHomeAndTheTokenAreForTheirUserOnly() throws Exception {
        load();

        assertThat(mode(home)).isEqualTo("rwx------");
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void theTokenHas256BitsAndIsKeptAcrossStarts() throws Exception {
        String first = load().reveal();

        assertThat(first).matches("[A-Za-z0-9_-]{43}");
        assertThat(load().reveal()).isEqualTo(first);
        assertThat(Files.readString(file)).isEqualTo(first + "\n");
        try (Stream<Path> entries = Files.list(home)) {
            assertThat(entries).containsExactly(file);
        }
    }

    @Test
    void aTokenOfTheSettingsIsTakenAndNotWritten() throws Exception {
        AdminToken token = AdminToken.of(config("auth.token=mine"));

        assertThat(token.reveal()).isEqualTo("mine");
        assertThat(file).doesNotExist();
    }

    @Test
    void onlyTheTokenItselfMatches() {
        AdminToken token = new AdminToken("mine");

        assertThat(token.matches("mine")).isTrue();
        for (String other : List.of("", "min", "minee", "Mine", "miné", " mine")) {
            assertThat(token.matches(other)).as(other).isFalse();
        }
    }

    @Test
    void itsTextDoesNotShowIt() {
        assertThat(new AdminToken("hunter2").toString()).doesNotContain("hunter2");
    }

    @Test
    void hubsThatStartAtOnceAgreeOnOneToken() throws Exception {
        int hubs = 8;
        CyclicBarrier start = new CyclicBarrier(hubs);
        ExecutorService threads = Executors.newFixedThreadPool(hubs);
        try {
            Callable<String> hub = () -> {
                start.await();
                return load().reveal();
            };
            Set<String> tokens = new HashSet<>();
            for (Future<String> token :
                    threads.invokeAll(Stream.generate(() -> hub).limit(hubs).toList())) {
                tokens.add(token.get());
            }
            assertThat(tokens).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aTokenThatOthersCouldReadIsTightened() throws Exception {
        String token = load().reveal();
        chmod(file, "rw-r--r--");

        assertThat(load().reveal()).isEqualTo(token);
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void aTokenThatOthersCouldHaveWrittenIsRefused() throws Exception {
        load();
        chmod(file, "rw--w----");

        assertThatThrownBy(this::load).isInstanceOf(IOException.class).hasMessageContaining("can be written to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "short", "two words of text", "0123456789abcdef\n0123456789abcdef"})
    void aFileWithoutATokenIsRefusedAndNotShown(String text) throws Exception {
        Files.writeString(file, text);
        chmod(file, "rw-------");

        assertThatThrownBy(this::load)
                .isInstanceOf(IOException.class)
                .hasMessage(file + " holds no token; delete it to get a new one");
    }

    @Test
    void aLinkInPlaceOfTheTokenIsRefused() throws Exception {
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "0123456789abcdef0123456789");
        Files.createSymbolicLink(file, elsewhere);

        assertThatThrownBy(this::load).hasMessageContaining("not a regular file");
    }

    @Test
    void aHomeThatOthersCouldReadIsTightenedIfItIsTheHubs() throws Exception {
        chmod(home, "rwxr-xr-x");

        HomeDirectory.prepare(home);

        assertThat(mode(home)).isEqualTo("rwx------");
    }

    @Test
    void aDirectoryOfOthersIsNotTakenAway() throws Exception {
        Files.writeString(home.resolve("other"), "");
        chmod(home, "rwxr-xr-x");

        HomeDirectory.prepare(home);

        assertThat(mode(home)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void aHomeThatOthersCanWriteToIsRefused() throws Exception {
        chmod(home, "rwxrwx---");

        assertThatThrownBy(() -> HomeDirectory.prepare(home)).hasMessageContaining("can be written to by other users");
    }

    @Test
    void aFileInPlaceOfTheHomeIsRefused() throws Exception {
        Path notADirectory = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> HomeDirectory.prepare(notADirectory)).hasMessageContaining("not a directory");
    }

    private AdminToken load() throws IOException {
        return AdminToken.of(config());
    }

    private HubConfig config(String... more) {
        try {
            List<String> assignments =
                    Stream.concat(Stream.of("home=" + home), Stream.of(more)).toList();
            return new ConfigLoader(directory, directory, Map.of())
                    .load(Optional.empty(), assignments)
                    .config();
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void chmod(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
