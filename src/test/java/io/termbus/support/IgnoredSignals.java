package io.termbus.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Signals that this process ignores, as those do that {@code nohup} or a script's {@code &} started, and which children
 * would ignore, too: a JVM leaves them ignored.
 */
public final class IgnoredSignals {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "SigIgn:";
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "QUIT", 3, "TERM", 15);
    private static final int HEXADECIMAL = 16;

    private IgnoredSignals() {}

    /**
     * What to put before a command so that it gets its signals; empty where they are not ignored. Where they are and GNU
     * env is not there, the test is skipped.
     */
    public static List<String> undo() throws IOException {
        if (NUMBERS.values().stream().noneMatch(mask()::testBit)) {
            return List.of();
        }
        assumeTrue(
                hasGnuEnv(),
                "HUP, INT, QUIT or TERM is ignored by whoever started the tests (nohup, &), and no env can undo that");
        return List.of("env", "--default-signal=HUP,INT,QUIT,TERM");
    }

    private static BigInteger mask() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return BigInteger.ZERO;
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            // bit 0 is signal 1
            return lines.filter(line -> line.startsWith(FIELD))
                    .map(line -> new BigInteger(line.substring(FIELD.length()).strip(), HEXADECIMAL).shiftLeft(1))
                    .findFirst()
                    .orElse(BigInteger.ZERO);
        }
    }

    private static boolean hasGnuEnv() {
        try {
            Process env = new ProcessBuilder("env", "--default-signal=HUP", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return env.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
