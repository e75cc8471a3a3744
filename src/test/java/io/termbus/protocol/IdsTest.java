package io.termbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdsTest {
    @Test
    void anIdIsNeverTakenForAnOption() {
        assertThat(Stream.generate(Ids::next).limit(5000))
                .allMatch(id -> id.matches("[A-Za-z0-9_][A-Za-z0-9_-]{21}"))
                .anyMatch(id -> id.startsWith("9"))
                .anyMatch(id -> id.startsWith("_"));
    }
}
