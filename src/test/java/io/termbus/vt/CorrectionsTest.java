package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.screen.Extended;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the client's own reading of the stream is corrected. The page has the same in terminal-corrections.js. */
@Timeout(30)
class CorrectionsTest {
    private Terminal terminal = new Terminal(20, 6, 10, TerminalListener.SILENT);

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

    @Test
    void noWrapIsPendingBehindACharacterThatIsGone() {
        feed("ESC [2;20HxESC 7ESC [2JESC 8y");
        assertThat(line(1)).endsWith("y").hasSize(20);
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
        feed("ESC [2;5rESC [?6hESC 7ESC [?47hESC [?6lESC [3;18HESC 7ESC [?47lESC 8");
        assertThat(terminal.modes().origin()).isTrue();
        feed("ESC [?47hESC 8y");
        assertThat(terminal.modes().origin()).isFalse();
        assertThat(line(2)).endsWith(" y").hasSize(18);
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
    void theDutchSetHasItsLetters() {
        feed("ESC (4[|ESC (B[|");
        assertThat(line(0)).isEqualTo("ĳƒ[|");
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

    @Test
    void erasingUpToTheLastCellEndsTheWrapIntoTheNextRow() {
        feed("\r\n".repeat(8) + "ESC [3;1H" + "x".repeat(21) + "ESC [3;20HESC [1J");
        assertThat(terminal.active().row(3).wrapped()).isFalse();
        feed("ESC [6;20HyESC [1J");
        assertThat(line(5)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"''", "id=a", "x=y:id=a", "' '"})
    void aLinkWithoutAUriEndsTheLink(String parameters) {
        feed("ESC ]8;id=a;http://eESC \\xESC ]8;" + parameters + ";ESC \\");
        assertThat(terminal.pen().extended().link()).isNull();
    }

    private void letters() {
        feed("ESC [Habcd\r\nefgh\r\nijkl\r\nmnop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "42;2;2;3;3$x | abcd e**h i**l mnop",
                "2;2;3;3$z | abcd e..h i..l mnop",
                "2;3$z | abcd ef ij mn",
                "42;3;2;2;3$x | abcd efgh ijkl mnop",
                "31;1;1;2;2$x | abcd efgh ijkl mnop",
                "1;1;2;2;1;3;2;1$v | abcd efgh iabl mefp",
                "1;1;3;3;1;2;2;1$v | abcd eabc iefg mijk",
                "2;1;2;4;1;6;19;1$v | abcd efgh ijkl mnop",
                "1;1;2;2;9;;;9$v | abcd efgh ijkl mnop"
            })
    void rectanglesAreFilledErasedAndCopied(String sequence, String expected) {
        letters();
        feed("ESC [" + sequence);
        String shown = String.join(" ", line(0), line(1), line(2), line(3)).replaceAll("  +", " ");
        assertThat(shown)
                .isEqualTo(
                        expected.replace("e..h", "e  h").replace("i..l", "i  l").replaceAll("  +", " "));
        assertThat(terminal.cursorX()).isEqualTo(4);
    }

    /** The screen is so large that a copy takes several slices. */
    @ParameterizedTest
    @CsvSource({"1, 1", "-1, -1", "0, 3", "0, -3", "5, 0", "-5, 0", "2, -2", "-2, 2", "0, 0"})
    void aRectangleIsCopiedOntoItselfAsItWas(int down, int right) {
        int size = 200;
        terminal = new Terminal(size, size, 0, TerminalListener.SILENT);
        char[][] expected = new char[size][size];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                expected[y][x] = (char) ('!' + (y * 7 + x * 3) % 90);
            }
            feed("ESC [" + (y + 1) + "H" + new String(expected[y]));
        }
        char[][] before = Stream.of(expected).map(char[]::clone).toArray(char[][]::new);
        for (int y = 10; y < 190; y++) {
            System.arraycopy(before[y], 10, expected[y + down], 10 + right, 180);
        }
        feed("ESC [11;11;190;190;1;" + (11 + down) + ";" + (11 + right) + ";1$v");
        for (int y = 0; y < size; y++) {
            assertThat(line(y)).isEqualTo(new String(expected[y]));
        }
    }

    @Test
    void rectanglesCountFromTheMarginsOfOriginMode() {
        letters();
        feed("ESC [2;3rESC [?6hESC [42;1;1;9;2$x");
        assertThat(line(0)).isEqualTo("abcd");
        assertThat(line(1)).isEqualTo("**gh");
        assertThat(line(2)).isEqualTo("**kl");
        assertThat(line(3)).isEqualTo("mnop");
    }

    @Test
    void protectedCharactersStayInASelectiveErasure() {
        feed("aESC [1\"qbESC [0\"qcESC [1;1;1;3${");
        assertThat(line(0)).isEqualTo(" b");
    }

    @Test
    void aRectangleThatCutsAWideCharacterErasesItsOtherHalf() {
        feed("a世bESC [42;1;3;1;3$x");
        assertThat(line(0)).isEqualTo("a *b");
        feed("\ra世bESC [1;1;1;2;1;1;5;1$v");
        assertThat(line(0)).isEqualTo("a世ba");
    }

    @Test
    void attributesChangeAlongTheTextOrInARectangle() {
        letters();
        feed("ESC [1;3;2;2;1;4$r");
        assertThat(bold(0)).isEqualTo("..bbbbbbbbbbbbbbbbbb");
        assertThat(bold(1)).startsWith("bb..");
        feed("ESC [2*xESC [1;3;2;4;1$t");
        assertThat(bold(0)).startsWith("....bb");
        assertThat(bold(1)).startsWith("bbbb..");
        feed("ESC [1;1;2;20;0$r");
        assertThat(bold(0) + bold(1)).isEqualTo(".".repeat(40));
        assertThat(terminal.active().row(0).bg(4)).isZero();
    }

    private String bold(int y) {
        StringBuilder out = new StringBuilder();
        for (int x = 0; x < terminal.cols(); x++) {
            out.append((terminal.active().row(y).fg(x) & 0x8000000) == 0 ? '.' : 'b');
        }
        return out.toString();
    }

    @Test
    void theExtentOfAttributeChangesIsKeptAndReset() {
        feed("ESC [2*x");
        assertThat(terminal.modes().rectangularExtent()).isTrue();
        assertThat(new String(Snapshots.ansi(terminal, 0), StandardCharsets.UTF_8))
                .contains("[2*x");
        feed("ESC [!p");
        assertThat(terminal.modes().rectangularExtent()).isFalse();
    }
}
