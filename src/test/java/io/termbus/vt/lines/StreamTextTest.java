package io.termbus.vt.lines;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.parser.Work;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamTextTest {
    private static String text(String output) {
        StringBuilder text = new StringBuilder();
        StreamText told = reading(output, text::append);
        while (told.step()) {
            // on
        }
        return text.toString();
    }

    private static StreamText reading(String output, Consumer<String> lines) {
        return new StreamText(output.replace('!', '\u001b').getBytes(StandardCharsets.UTF_8), lines);
    }

    @Test
    void escapeSequencesAreGone() {
        assertThat(text("![1;31mred![0m !]0;title\u0007and !]8;;http://a!\\link!]8;;!\\ !Pq#0~!\\end\r\n"))
                .isEqualTo("red and link end\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'10%\r20%\rdone', done",
        "'100%\rok', ok0%",
        "'100%\r![Kok', ok",
        "'ab\bc', ac",
        "'abc![2Dx', axc",
        "'abc![1Gx', xbc",
        "'abc![5Gx', 'abc x'",
        "'a![3Cb', 'a   b'",
        "'abcdef\r![2Px', xdef",
        "'abc\r![2@', '  abc'",
        "'abc\r![2X', '  c'",
        "'abc![2K', ''",
        "'a\tb', 'a       b'",
        "'日本\rx', x本",
    })
    void aLineIsWhatItWasInTheEnd(String output, String line) {
        assertThat(text(output)).isEqualTo(line);
    }

    @Test
    void linesEndByLineFeedsAndMovesToOtherRows() {
        assertThat(text("one\r\ntwo\nthree")).isEqualTo("one\ntwo\nthree");
        assertThat(text("![2J![Htop![10;5Hlow![Aup")).isEqualTo("top\n    low\n       up");
    }

    @Test
    void hugeNumbersMakeNoHugeLines() {
        assertThat(text("![2147483647Cx![2147483647@![2147483647P![2147483647X![2147483647Dy")
                        .length())
                .isEqualTo(1001);
    }

    @Test
    void aLongLineIsToldInPiecesAndStaysOne() {
        String line = "0123456789".repeat(10_000);
        List<String> pieces = new ArrayList<>();
        StreamText told = reading(line + "\r\nnext", pieces::add);
        while (told.step()) {
            // on
        }

        assertThat(String.join("", pieces)).isEqualTo(line + "\nnext");
        assertThat(pieces).allMatch(piece -> piece.length() <= StreamText.MAX_EDITED + 1);
    }

    @Test
    void theEndOfALongLineCanBeEdited() {
        String line = "x".repeat(100_000);
        assertThat(text(line + "\b\bok")).isEqualTo("x".repeat(99_998) + "ok");
        assertThat(text(line + "![2K![Hnext").replaceAll("x+", "x")).isEqualTo("x\nnext");
    }

    @Test
    void eachStepOfEditingALongLineIsShort() {
        int edits = 20_000;
        StreamText told = reading("x".repeat(StreamText.MAX_EDITED - 1) + "\r" + "![@".repeat(edits), line -> {});
        int steps = 1;
        while (told.step()) {
            steps++;
        }

        int moved = edits / 8 * StreamText.MAX_EDITED;
        assertThat(steps).isGreaterThanOrEqualTo(moved / Work.SLICE_UNITS);
    }
}
