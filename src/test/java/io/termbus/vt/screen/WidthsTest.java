package io.termbus.vt.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WidthsTest {
    @Test
    void everyCodePointIsAsWideAsInTheClient() throws IOException, InterruptedException {
        Path directory = Path.of("src/test/node");
        Assumptions.assumeTrue(
                Files.isDirectory(directory.resolve("node_modules/@xterm/addon-unicode11")),
                "skipped: @xterm/addon-unicode11 is not installed in " + directory);
        Process process = new ProcessBuilder("node", "widths.mjs")
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String widths = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(widths).hasSize(0x110000);
        for (int c = 0xA0; c < 0x110000; c++) {
            if (Widths.of(c) != widths.charAt(c) - (int) '0') {
                assertThat(Widths.of(c)).as(Integer.toHexString(c)).isEqualTo(widths.charAt(c) - (int) '0');
            }
        }
    }
}
