package io.termbus.vt.lines;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamTextTest {
    private static String text(String output) {
        StringBuilder text = new StringBuilder();
        StreamText.of(output.replace('!', '\u001b').getBytes(StandardCharsets.UTF_8), text::append);
        return text.toString();
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
}
