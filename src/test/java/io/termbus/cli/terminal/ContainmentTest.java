package io.termbus.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session does to a terminal that has titles, keyboard levels and modes of its own. */
@Timeout(20)
class ContainmentTest {
    private final Containment containment = new Containment("own", "file:///home/me/");
    private final QueryFilter filter = new QueryFilter(Optional.of(containment));

    private String shown(String output) {
        StringBuilder shown = new StringBuilder();
        for (byte each : output.getBytes(StandardCharsets.UTF_8)) {
            shown.append(new String(filter.filter(new byte[] {each}), StandardCharsets.ISO_8859_1));
        }
        return new String(shown.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\033[22t", "\033[22;0t", "\033[22;2t", "\033[22;0;0t"})
    void aPushedTitleIsKeptHereAndComesBackWithThePop(String push) {
        assertThat(shown("\033]0;grün\033\\" + push)).isEqualTo("\033]0;grün\033\\");
        assertThat(shown("\033]2;vim\007")).isEqualTo("\033]2;vim\007");
        assertThat(shown(push.replace("22", "23"))).isEqualTo("\033]2;grün\007");
    }

    @Test
    void aPopThatTheSessionHasNotPushedDoesNothing() {
        assertThat(shown("\033[23t\033[23;0;0t\033[23;2t")).isEmpty();
    }

    @Test
    void whatWasBeforeTheSessionsTitleIsOurs() {
        assertThat(shown("\033[22;0t\033]2;x\007\033[23;0t")).isEqualTo("\033]2;x\007\033]2;own\007");
    }

    @Test
    void titlesThatNobodyPopsTakeNoMoreThanTenPlaces() {
        shown("\033]2;t\007\033[22;0t".repeat(1000));

        assertThat(shown("\033[23;0t".repeat(1000))).isEqualTo("\033]2;t\007".repeat(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\033[8;50;200t",
                "\033[2t",
                "\033[3;0;0t",
                "\033[9;1t",
                "\033[22;1t",
                "\033[23;1t",
                "\033[>3t",
                "\033[>0T",
                "\033[?1007s",
                "\033[?1;1007r"
            })
    void theWindowAndSavedModesAreNotTheSessions(String sequence) {
        assertThat(shown(sequence)).isEmpty();
    }

    @Test
    void onlyThesessionsOwnKeyboardLevelsArePopped() {
        assertThat(shown("\033[>1u\033[<5u\033[<u")).isEqualTo("\033[>1u\033[<1u\033[=0u");
        shown("\033[>1u\033[>3u");
        assertThat(containment.leave()).startsWith("\030\033[<2u").contains("\033[<1u\033[23;0t");
    }

    @Test
    void eachScreenHasItsOwnLevels() {
        shown("\033[>1u\033[?1049h\033[>7u");
        assertThat(containment.leave()).startsWith("\030\033[<1u\033[=0u\033[?1049l\033[<1u");

        shown("\033[?1049l");
        assertThat(containment.leave()).startsWith("\030\033[?1047h\033[<1u\033[?1047l\033[<1u");
    }

    @Test
    void levelsWithoutEndDoNotPushOutTheUsers() {
        assertThat(shown("\033[>1u".repeat(8))).isEqualTo("\033[>1u".repeat(6) + "\033[=1u".repeat(2));
    }

    @Test
    void aFullResetSparesTheUsersStacksAndScrollback() {
        shown("\033[>1u\033]2;x\007\033[22;0t");

        assertThat(shown("\033c"))
                .doesNotContain("\033c")
                .startsWith("\030\033[<1u")
                .endsWith("\033]2;own\007");
        assertThat(shown("\033[23;0t")).isEmpty();
    }

    @Test
    void theDirectoryIsToldAgainWhereTheSessionToldAnother() {
        assertThat(containment.leave()).doesNotContain("\033]7;");

        shown("\033]7;file://host/tmp\033\\");

        assertThat(containment.leave()).endsWith("\033]7;file:///home/me/\033\\");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?9", "?1000", "?1002", "?1003", "?1004", "?1006", "?1007", "?2004", "?2026", "?2031", "?2048", "?9001",
                "?69", "?1", "?5", "?6", "?45", "?66", "4", "20", "2", "?80"
            })
    void whatASessionSwitchesOnIsSwitchedOff(String mode) {
        assertThat(ControlSequences.LEAVE).contains("\033[" + mode + "l");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\033]9;4;0\033\\",
                "\033]22;\033\\",
                "\033]8;;\033\\",
                "\033]104\033\\",
                "\033]110\033\\",
                "\033]111\033\\",
                "\033]112\033\\",
                "\033]117\033\\",
                "\033[0 q",
                "\033[r",
                "\033(B",
                "\033>",
                "\033[0m",
                "\033[>4m",
                "\033[=0u",
                "\033[?25h",
                "\033[?7h",
                "\033[23;0t"
            })
    void theTerminalIsLeftPlain(String sequence) {
        assertThat(ControlSequences.LEAVE).contains(sequence);
    }

    @Test
    void allElsePasses() {
        String stream =
                "\033[1;31mred\033[?1049h\033[?1007h\033[=5;1u\033(0\0337\033[?25l\033]8;;x:y\033\\l\033]1;i\007end";

        assertThat(shown(stream)).isEqualTo(stream);
    }
}
