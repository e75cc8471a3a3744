package io.termbus.cli.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.cli.process.CliException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is typed: the key that detaches, and answers of the terminal that are no keys. */
class KeysTest {
    @ParameterizedTest
    @CsvSource({"ctrl-],29,Ctrl-]", "^],29,Ctrl-]", "Ctrl-A,1,Ctrl-A", "ctrl-\\,28,Ctrl-\\", "ctrl-@,0,Ctrl-@"})
    void aDetachKeyIsAControlCharacter(String text, int code, String label) throws CliException {
        DetachKey key = DetachKey.of(text);

        assertThat(key.label()).isEqualTo(label);
        assertThat(key.find(new byte[] {'x', 'y', (byte) code, 'z'}, 4)).isEqualTo(2);
        assertThat(key.find(new byte[] {'x', 'y', (byte) code, 'z'}, 2)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab\033[27;5;93~", "ab\033[93;5u", "ab\033[93;5:1u"})
    void itIsKnownAlsoWhereProgramsHaveKeysSentAsSequences(String typed) throws CliException {
        byte[] bytes = typed.getBytes(StandardCharsets.US_ASCII);

        assertThat(DetachKey.of(DetachKey.DEFAULT).find(bytes, bytes.length)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ctrl-", "ctrl-[", "ctrl-1", "ctrl-ab", "alt-a"})
    void otherKeysAreRefusedInOneLine(String text) {
        assertThatThrownBy(() -> DetachKey.of(text)).hasMessageStartingWith("--detach-key " + text + ": give ctrl-");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\033[?64;1;2c",
                "\033[>0;276;0c",
                "\033[?2026;2$y",
                "\033[0n",
                "\033[?24;80R",
                "\033[?1u",
                "\033[8;24;80t",
                "\033]11;rgb:0000/0000/0000\033\\",
                "\033]52;c;aGVsbG8=\007",
                "\033P1$r0m\033\\",
                "\033_Gi=1;OK\033\\",
            })
    void answersOfTheTerminalAreNotSent(String answer) {
        assertThat(keys("a" + answer + "b")).isEqualTo("ab");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain, grüße",
                "\033[A\033OP\033[1;5R\033[15~\033[3;2~",
                "\033P",
                "\033]",
                "\033]hello",
                "\033[<0;10;5M\033[<0;10;5m\033[I\033[O",
                "\033[200~pasted\033[201~",
                "\033[97;5u",
            })
    void keysAreSentAsTheyAre(String typed) {
        assertThat(keys(typed)).isEqualTo(typed);
    }

    private static String keys(String typed) {
        byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
        return new String(TerminalReplies.without(bytes, bytes.length), StandardCharsets.UTF_8);
    }
}
