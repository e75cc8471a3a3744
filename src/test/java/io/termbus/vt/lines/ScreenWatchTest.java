package io.termbus.vt.lines;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScreenWatchTest {
    private final Terminal terminal = new Terminal(10, 4, 500, TerminalListener.SILENT);
    private final ScreenWatch watch = new ScreenWatch();

    @BeforeEach
    void somethingIsThere() {
        print("before\r\n");
        watch.forget();
        assertThat(look()).isEmpty();
    }

    private void print(String output) {
        byte[] bytes = output.replace('!', '\u001b').getBytes(StandardCharsets.UTF_8);
        terminal.feed(bytes, 0, bytes.length);
    }

    private List<String> look() {
        List<String> lines = new ArrayList<>();
        watch.look(terminal, lines::add);
        return lines;
    }

    @Test
    void onlyWhatChangedIsFound() {
        assertThat(look()).isEmpty();
        print("new");
        assertThat(look()).containsExactly("new");
        assertThat(look()).isEmpty();
        print("er\r\n![1;1HB");
        assertThat(look()).containsExactly("Before", "newer");
    }

    @Test
    void whatScrolledAwayIsFoundOnceAndWhatWasThereBeforeIsNot() {
        for (int i = 0; i < 300; i++) {
            print("line " + i + "\r\n");
        }
        assertThat(look())
                .containsExactlyElementsOf(
                        IntStream.range(0, 300).mapToObj(i -> "line " + i).toList());
        print("\r\n\r\n\r\n\r\nend");
        assertThat(look()).containsExactly("end");
    }

    @Test
    void whatLeftTheScrollbackIsNotFound() {
        for (int i = 0; i < 1000; i++) {
            print("line " + i + "\r\n");
        }
        assertThat(look()).hasSize(503).startsWith("line 497").endsWith("line 999");
    }

    @Test
    void wrappedRowsAreOneLineWithTheBlanksBetween() {
        print("123456789 bcdefghij  m");
        assertThat(look()).containsExactly("123456789 bcdefghij  m");
        print("n");
        assertThat(look()).containsExactly("123456789 bcdefghij  mn");
        print("\r\n\r\n\r\n\r\n\r\n");
        assertThat(look()).isEmpty();
    }

    @Test
    void aLineThatGoesOnInOtherRowsIsWholeThoughItsBeginningScrolledAway() {
        print("\r\n\r\nabcdefghij");
        assertThat(look()).containsExactly("abcdefghij");
        print("klmnopqrstuvwxyz0123456789ABCDEFGHIJ");
        assertThat(look()).containsExactly("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ");
    }

    @Test
    void endlessLinesComeInPieces() {
        print("x".repeat(3 * ScreenWatch.LINE_CHARS));
        List<String> pieces = look();
        assertThat(pieces)
                .hasSizeGreaterThanOrEqualTo(1)
                .allMatch(line -> line.length() <= ScreenWatch.LINE_CHARS + 10);
    }

    @Test
    void theAlternateScreenIsLookedAtWhileItIsShown() {
        print("![?1049h![1;1Hvim");
        assertThat(look()).containsExactly("vim");
        assertThat(look()).isEmpty();
        print("![?1049l");
        assertThat(look()).isEmpty();
        print("![?1049h![1;1Hvim");
        assertThat(look()).containsExactly("vim");
    }

    @Test
    void afterAResetAllIsNew() {
        print("!cfresh");
        assertThat(look()).containsExactly("fresh");
    }

    @Test
    void clearingTheScrollbackChangesNothing() {
        print("1\r\n2\r\n3\r\n4\r\n5");
        look();
        terminal.clearScrollback();
        assertThat(look()).isEmpty();
        print("6");
        assertThat(look()).containsExactly("56");
    }
}
