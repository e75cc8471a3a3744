package io.termbus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    private static String bytesOf(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void wordsAreUtf8WhateverTheLocale() throws Exception {
        assertThat(Arguments.utf8(List.of("run", "", bytesOf("grüße"), bytesOf("漢😀"), bytesOf("\ufffd"))))
                .containsExactly("run", "", "grüße", "漢😀", "\ufffd");
    }

    /** A Latin-1 letter, a character cut off, one spelt longer than need be, half of a pair. */
    @ParameterizedTest
    @ValueSource(strings = {"caf\u00e9", "\u00e6\u00bc", "\u00c0\u00af", "\u00ed\u00a0\u0080"})
    void whatIsNotUtf8IsRefusedAndNamed(String given) {
        assertThatThrownBy(() -> Arguments.utf8(List.of("run", "printf", given)))
                .asInstanceOf(InstanceOfAssertFactories.type(CliException.class))
                .satisfies(e -> assertThat(e.status()).isEqualTo(Status.USAGE))
                .satisfies(
                        e -> assertThat(e.getMessage()).startsWith("argument '").contains("\\x", "is not UTF-8"));
    }

    @Test
    void aLongWordIsNamedByItsStart() {
        assertThatThrownBy(() -> Arguments.utf8(List.of("caf\u00e9" + "x".repeat(100_000))))
                .hasMessage("argument 'caf\\xe9" + "x".repeat(56) + "…' is not UTF-8, which the hub's text is");
    }
}
