package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MiddleCutTest {
    private static String cut(int maxBytes, String... texts) {
        MiddleCut cut = new MiddleCut(maxBytes);
        for (String text : texts) {
            cut.add(text);
        }
        return cut.toString();
    }

    @Test
    void whatFitsIsWhole() {
        assertThat(cut(10, "")).isEmpty();
        assertThat(cut(10, "0123456789")).isEqualTo("0123456789");
        assertThat(cut(10, "01", "23456", "789")).isEqualTo("0123456789");
        assertThat(cut(8, "ää", "öö")).isEqualTo("ääöö");
    }

    @Test
    void ofMoreTheMiddleIsLeftOutAndSaysSo() {
        assertThat(cut(10, "0123456789X")).isEqualTo("01234\n[… 1 bytes left out …]\n6789X");
        assertThat(cut(10, "0123", "456789ABCDEF", "GH", "IJ")).isEqualTo("01234\n[… 10 bytes left out …]\nFGHIJ");
        assertThat(cut(1, "abc")).isEqualTo("a\n[… 2 bytes left out …]\n");
    }

    @Test
    void charactersThatAreCutAreLeftOutWhole() {
        assertThat(cut(6, "aéé", "ééz")).isEqualTo("aé\n[… 4 bytes left out …]\néz");
        assertThat(cut(6, "ééé", "ééé")).isEqualTo("é\n[… 8 bytes left out …]\né");
        assertThat(cut(2, "日日")).isEqualTo("\n[… 6 bytes left out …]\n");
    }

    @Test
    void howItCameMakesNoDifference() {
        String text = "The quick brown fox — jumps over the lazy dög; ".repeat(20);
        Random random = new Random(17);
        for (int max = 1; max < 400; max += 7) {
            MiddleCut pieces = new MiddleCut(max);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < bytes.length; ) {
                int end = Math.min(bytes.length, i + 1 + random.nextInt(300));
                pieces.add(Arrays.copyOfRange(bytes, i, end));
                i = end;
            }
            assertThat(pieces.isCut()).isTrue();
            assertThat(pieces.toString()).isEqualTo(cut(max, text));
        }
    }
}
