package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(420)
class ThrottledFloodIT {
    @TempDir
    Path directory;

    /** 200 MB at 1 MB/s, beside a client that gets every byte: screen, scrollback and cursor are the same. */
    @Test
    void aThrottledClientEndsWithTheStateOfTheWholeStream() throws Exception {
        try (HubProcess hub = HubProcess.start(directory)) {
            String said = NodeScript.run(
                    directory.resolve("node.log"),
                    400,
                    "e2e/throttled-flood.mjs",
                    Integer.toString(hub.tcpPort()),
                    hub.token());
            assertThat(said).startsWith("ok 10025 rows");
        }
    }
}
