package io.termbus.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryFilterTest {
    private static final int ROUNDS = 50;

    private final Random random = new Random(7);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\033[c",
                "\033[0c",
                "\033[>c",
                "\033[=c",
                "\033[6n",
                "\033[?6n",
                "\033[?996n",
                "\033[?2026$p",
                "\033[4$p",
                "\033[>q",
                "\033[>0q",
                "\033[?u",
                "\033[x",
                "\033[?4m",
                "\033[?1;1;0S",
                "\033[14t",
                "\033[18;2t",
                "\033[1;1;1;1;5;5*y",
                "\033Z",
                "\005",
                "\033]10;?\007",
                "\033]11;?\033\\",
                "\033]4;1;?;2;?\033\\",
                "\033]21;foreground=?\033\\",
                "\033]52;c;?\007",
                "\033P$qm\033\\",
                "\033P+q544e\033\\",
            })
    void aQueryIsSwallowedHoweverItIsCut(String query) {
        passes("before " + query + "after €", "before after €");
        passes(query + query + "\033[1m", "\033[1m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain text, grüße, 漢字 😀\r\n",
                "\033[1;31mred\033[m\033[H\033[2J\033[?1049h\033[?25l",
                "\033[?1;2c",
                "\033[8;24;80t\033[22;0t",
                "\033[>4;2m\033[>1u\033[=1u\033[<u",
                "\033[4h\033[2 q\033[!p\033[1$r",
                "\033(0lqk\033(B\0337\0338\033c\033=",
                "\033]0;a title?\007\033]2;another\033\\",
                "\033]4;1;rgb:ff/00/00\033\\\033]104\033\\\033]112\007",
                "\033]52;c;aGVsbG8=\007",
                "\033]8;;http://example.org/?q\033\\link\033]8;;\033\\",
                "\033Pq#0;2;0;0;0#0~~@@vv\033\\\033P1$r0m\033\\",
                "\033_Gf=24,s=1,v=1;AAAA\033\\",
                "\033]11;rgb:00\033[1mbold",
                "\033]2;no end\033[1mbold",
                "\033[1\033[2m",
                "\033[1\030text",
            })
    void allElsePassesAsItIs(String stream) {
        passes(stream + "end", stream + "end");
    }

    @Test
    void whatIsNotDecidedYetIsHeldAndAnewBeginningDropsIt() {
        QueryFilter filter = new QueryFilter();

        assertThat(filter.filter(bytes("text\033[6"))).isEqualTo(bytes("text"));
        filter.reset();

        assertThat(filter.filter(bytes("n"))).isEqualTo(bytes("n"));
    }

    @Test
    void aStringWithoutAnEndIsHeldOnlySoFar() {
        String endless = "\033]4;1;" + "x".repeat(1 << 20);

        byte[] passed = new QueryFilter().filter(bytes(endless));

        assertThat(passed).isEqualTo(bytes(endless));
    }

    @Test
    void aControlWithinAQueryActsAndTheQueryIsSwallowed() {
        passes("\033[6\nn\033[\r>c", "\n\r");
        passes("\033[\0051m", "\033[1m");
    }

    @Test
    void aQueryWhoseStringEndsByAnotherSequenceIsSwallowed() {
        passes("\033]11;?\033[1mbold", "\033[1mbold");
    }

    @Test
    void emptyParametersAreNoQuery() {
        passes("\033[;t\033[;;H", "\033[;t\033[;;H");
    }

    @Test
    void aStringThatIsTooLongToBeHeldPassesWithItsEnd() {
        String image = "\033_G" + "x".repeat(5000) + "\033\\";
        String colours = "\033]4;" + "1;?;".repeat(2000) + "?\033\\";

        passes(image + "\033[6n" + colours + "\033[c.", image + colours + ".");
    }

    private void passes(String stream, String expected) {
        assertThat(new String(new QueryFilter().filter(bytes(stream)), StandardCharsets.UTF_8))
                .isEqualTo(expected);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] all = bytes(stream);
            QueryFilter filter = new QueryFilter();
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            for (int from = 0; from < all.length; ) {
                int to = Math.min(all.length, from + 1 + (round == 0 ? 0 : random.nextInt(6)));
                passed.writeBytes(filter.filter(Arrays.copyOfRange(all, from, to)));
                from = to;
            }
            assertThat(passed.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
