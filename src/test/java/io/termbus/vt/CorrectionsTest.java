package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.screen.Extended;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the client's own reading of the stream is corrected. The page has the same in terminal-corrections.js. */
@Timeout(30)
class CorrectionsTest {
    private final Terminal terminal = new Terminal(20, 6, 10, Differential.SILENT);

    private void feed(String text) {
        byte[] bytes = text.replace("ESC ", "\u001b").getBytes(StandardCharsets.UTF_8);
        terminal.feed(bytes, 0, bytes.length);
    }

    private String line(int row) {
        return Snapshots.text(terminal, 0).lines().toList().get(row);
    }

    private static int rgb(int r, int g, int b) {
        return 0x3000000 | r << 16 | g << 8 | b;
    }

    @ParameterizedTest
    @CsvSource({
        "38:2:1:2:3, 10203",
        "38:2::1:2:3, 10203",
        "38:2:0:1:2:3, 10203",
        "38:2:9:1:2:3:0:1, 10203",
        "38:2:1::3, 10003",
        "38:2:::3, 3",
        "38:2:1:2, 10200",
        "38;2;1;2;3, 10203",
        "'38:2:1:2:3;4:3;48:2:7:8:9', 10203",
        "'38:2:1:2:3;48;5;59;59', 10203",
        "'38:5:7;38:2:1:2:3;1', 10203"
    })
    void redGreenAndBlueAreTheLastThreeOfADirectColour(String parameters, String rgb) {
        feed("ESC [" + parameters + "m");
        assertThat(terminal.pen().fg() & 0x3FFFFFF).isEqualTo(0x3000000 | Integer.parseInt(rgb, 16));
    }

    @Test
    void everyKindOfColourHasBothForms() {
        feed("ESC [38:2:1:2:3;48:2::4:5:6;58:2:7:8:9;4:3m");
        assertThat(terminal.pen().fg() & 0x3FFFFFF).isEqualTo(rgb(1, 2, 3));
        assertThat(terminal.pen().bg() & 0x3FFFFFF).isEqualTo(rgb(4, 5, 6));
        assertThat(terminal.pen().extended()).isEqualTo(new Extended(3, rgb(7, 8, 9), null));
    }

    @Test
    void theDefaultUnderlineColourIsNone() {
        feed("ESC [4;58:2:7:8:9;59m");
        assertThat(terminal.pen().extended().underlineColor()).isZero();
    }

    /** Margins 2 to 5, cursor at row 3 and column 4 of the screen. */
    @ParameterizedTest
    @CsvSource({
        "A, 3, 1",
        "9A, 3, 1",
        "B, 3, 3",
        "9B, 3, 4",
        "2C, 5, 2",
        "2D, 1, 2",
        "E, 0, 3",
        "F, 0, 1",
        "7G, 6, 2",
        "7`, 6, 2",
        "2a, 5, 2",
        "e, 3, 3",
        "9e, 3, 4",
        "2d, 3, 2",
        "3;5H, 4, 3",
        "3;5f, 4, 3",
        "H, 0, 1",
        "3r, 0, 2"
    })
    void originModeAddsTheTopMarginToRowsOnlyAndOnce(String sequence, int x, int y) {
        feed("ESC [2;5rESC [?6hESC [2;4HESC [" + sequence);
        assertThat(terminal.cursorX()).isEqualTo(x);
        assertThat(terminal.cursorY()).isEqualTo(y);
    }

    @ParameterizedTest
    @CsvSource({"ESC 7, ESC 8", "ESC [s, ESC [u", "ESC [?1048h, ESC [?1048l", "ESC [?1049h, ESC [?1049l"})
    void aPendingWrapIsRestored(String save, String restore) {
        feed("ESC [2;20Hx" + save + "ESC [5;5H" + restore + "y");
        assertThat(line(1)).endsWith("x");
        assertThat(line(2)).isEqualTo("y");
    }

    @ParameterizedTest
    @CsvSource({"ESC 7, ESC 8", "ESC [s, ESC [u", "ESC [?1048h, ESC [?1048l", "ESC [?1049h, ESC [?1049l"})
    void originModeIsRestored(String save, String restore) {
        feed("ESC [2;5rESC [?6h" + save + "ESC [?6l" + restore + "ESC [2;1Hx");
        assertThat(terminal.modes().origin()).isTrue();
        assertThat(line(2)).isEqualTo("x");
        feed("ESC [?6l" + save + "ESC [?6h" + restore);
        assertThat(terminal.modes().origin()).isFalse();
    }

    @Test
    void eachBufferHasItsOwnSavedCursor() {
        feed("ESC [2;5rESC [?6hESC 7ESC [?47hESC [?6lESC [3;20HxESC 7ESC [?47lESC 8");
        assertThat(terminal.modes().origin()).isTrue();
        feed("ESC [?47hESC 8y");
        assertThat(terminal.modes().origin()).isFalse();
        assertThat(line(3)).isEqualTo("y");
    }

    @Test
    void attributesAreRestoredWhole() {
        feed("ESC [1;4:3;58:5:9mESC [1\"qESC ]8;;http://eESC \\ESC 7ESC [mESC [4mESC [0\"qESC ]8;;ESC \\ESC 8");
        assertThat(terminal.pen().extended().underlineStyle()).isEqualTo(3);
        assertThat(terminal.pen().extended().underlineColor()).isEqualTo(0x2000009);
        assertThat(terminal.pen().extended().link()).isNotNull();
        feed("xESC [mESC ]8;;ESC \\ESC [1KESC [?1K");
        assertThat(line(0)).isEmpty();
    }

    @Test
    void allCharacterSetsAreRestored() {
        feed("ESC )0\u000eESC 7\u000fESC )BESC (0ESC 8qESC (B\u000fq");
        assertThat(line(0)).isEqualTo("─q");
    }

    @Test
    void restoringWithoutASavedCursorIsAStart() {
        feed("ESC [2;5rESC [?6hESC [31mESC (0ESC [3;3HESC 8q");
        assertThat(terminal.modes().origin()).isFalse();
        assertThat(line(0)).isEqualTo("q");
        assertThat(terminal.pen().fg()).isZero();
    }

    @Test
    void softResetForgetsTheSavedCursor() {
        feed("ESC [?6hESC [3;20HxESC 7ESC [!pESC 8y");
        assertThat(line(0)).isEqualTo("y");
        assertThat(terminal.modes().origin()).isFalse();
    }

    @Test
    void theFirstDecGraphicIsABlank() {
        feed("ESC (0a_`ESC (B_");
        assertThat(line(0)).isEqualTo("▒ ◆_");
    }

    @Test
    void theAlignmentPatternHasDefaultAttributesAndNoMargins() {
        feed("ESC [31;44;4mESC [2;3rESC [?6hESC [2;2HESC #8");
        assertThat(line(5)).isEqualTo("E".repeat(20));
        assertThat(terminal.active().row(0).fg(0)).isZero();
        assertThat(terminal.active().row(5).bg(19)).isZero();
        assertThat(terminal.active().scrollTop()).isZero();
        assertThat(terminal.active().scrollBottom()).isEqualTo(5);
        assertThat(terminal.cursorX() + terminal.cursorY()).isZero();
        assertThat(terminal.pen().fg()).isNotZero();
    }

    @ParameterizedTest
    @CsvSource({"''", "id=a", "x=y:id=a", "' '"})
    void aLinkWithoutAUriEndsTheLink(String parameters) {
        feed("ESC ]8;id=a;http://eESC \\xESC ]8;" + parameters + ";ESC \\");
        assertThat(terminal.pen().extended().link()).isNull();
    }
}
