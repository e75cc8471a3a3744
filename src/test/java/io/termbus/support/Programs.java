package io.termbus.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs that tests need and the build does not bring. */
public final class Programs {
    private Programs() {}

    /** A build machine without these programs is an error; on a developer's the test is skipped. */
    public static void require(String... programs) {
        for (String program : programs) {
            boolean found = Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
            String missing = "no " + program + " to test with: install it";
            if ("true".equals(System.getenv("CI"))) {
                assertThat(found).as(missing).isTrue();
            }
            assumeTrue(found, missing);
        }
    }
}
