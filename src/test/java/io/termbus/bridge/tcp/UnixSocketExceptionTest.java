package io.termbus.bridge.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class UnixSocketExceptionTest {
    @TempDir
    Path directory;

    @Test
    void aFreePathIsFree() {
        assertThatCode(() -> UnixSocketException.probe(directory.resolve("socket")))
                .doesNotThrowAnyException();
    }

    @Test
    void whatIsNoSocketIsNamedWithTheSetting() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");

        assertThatThrownBy(() -> UnixSocketException.probe(file))
                .hasMessage(
                        "cannot listen on " + file + " (tcp.socket): what is there is no socket, and is not replaced");
    }

    @Test
    void aFailureBesideThePathNamesThePath() {
        Path path = directory.resolve("none/socket");

        assertThat(new UnixSocketException(path, new NoSuchFileException(directory + "/none/.tb1")))
                .hasMessage("cannot listen on " + path + " (tcp.socket): there is no directory " + directory + "/none");
    }
}
