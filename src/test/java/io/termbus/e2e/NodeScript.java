package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a script of {@code src/test/node}; it must end by itself with status 0. */
final class NodeScript {
    private static final Path DIRECTORY = Path.of("src", "test", "node").toAbsolutePath();

    /** Node 20 has a WebSocket only where it is asked for. */
    static final Map<String, String> WEB_SOCKET = Map.of("NODE_OPTIONS", "--experimental-websocket");

    private NodeScript() {}

    /** Returns what the script printed. */
    static String run(Path log, int limitSeconds, String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        Process node = new ProcessBuilder(command)
                .directory(DIRECTORY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(node.waitFor(limitSeconds, TimeUnit.SECONDS))
                    .as("%s ends, it said %s", script, Files.readString(log))
                    .isTrue();
            assertThat(node.exitValue()).as(Files.readString(log)).isZero();
            return Files.readString(log);
        } finally {
            node.destroyForcibly();
        }
    }
}
