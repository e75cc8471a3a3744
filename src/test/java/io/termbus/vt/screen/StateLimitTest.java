package io.termbus.vt.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.vt.screen.TerminalListener.Cut;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StateLimitTest {
    private static final long LIMIT = 2 << 20;
    /** What slices may make before the next look, for each row: one of a thousand cells takes colours. */
    private static final long SLACK_OF_ROW = 6_000;

    private static final long SLACK = 600_000;

    private final Set<Cut> cuts = EnumSet.noneOf(Cut.class);
    private Terminal terminal = terminal(80, 24, 1_000_000);

    private Terminal terminal(int cols, int rows, int scrollback) {
        return new Terminal(cols, rows, scrollback, LIMIT, new TerminalListener() {
            @Override
            public void reply(byte[] bytes) {}

            @Override
            public void titleChanged(String title) {}

            @Override
            public void bell() {}

            @Override
            public void stateCut(Cut what) {
                cuts.add(what);
            }
        });
    }

    private void feed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; ) {
            at = terminal.feedSlice(bytes, at, bytes.length);
            assertThat(terminal.stateBytes()).isLessThanOrEqualTo(LIMIT + SLACK + terminal.rows() * SLACK_OF_ROW);
        }
    }

    private void repeat(int times, IntFunction<String> text) {
        for (int i = 0; i < times; i++) {
            feed(text.apply(i));
        }
    }

    private static String link(int i, int length) {
        return "\u001b]8;;http://x/" + i + "u".repeat(length) + "\u001b\\x\u001b]8;;\u001b\\";
    }

    @Test
    void longLinksTakeTheOldestScrollbackWithThem() {
        repeat(500, i -> link(i, 50_000) + i + "\r\n");

        assertThat(terminal.scrollbackSize()).isBetween(1, 60);
        assertThat(cuts).isEmpty();
        assertThat(Snapshots.text(terminal, 0)).contains("x499");
        assertThat(new String(Snapshots.ansi(terminal, 0), StandardCharsets.UTF_8))
                .contains("http://x/499u");
    }

    @Test
    void linksThatNobodyRefersToCostNothing() {
        repeat(100, i -> "line " + i + "\r\n");
        repeat(200, i -> "\r" + link(i, 50_000));

        assertThat(terminal.scrollbackSize()).isEqualTo(100 - 23);
        assertThat(cuts).isEmpty();
    }

    @Test
    void aLowerLimitCutsAtOnce() {
        repeat(100, i -> link(i, 10_000) + "\r\n");

        terminal.trim(LIMIT / 4);

        assertThat(terminal.stateBytes()).isLessThanOrEqualTo(LIMIT / 4);
        assertThat(terminal.scrollbackSize()).isLessThan(77);
    }

    @Test
    void oneLinkOnEveryLineCountsOnce() {
        feed("\u001b]8;;http://x/" + "u".repeat(100_000) + "\u001b\\");
        repeat(2000, i -> "x\r\n");

        assertThat(terminal.scrollbackSize()).isEqualTo(2000 - 23);
        assertThat(terminal.stateBytes()).isLessThan(LIMIT);
    }

    @Test
    void linksOfTheScreenAreDroppedWhereTheyAloneAreTooMuch() {
        repeat(1500, i -> link(i, 20_000));

        assertThat(cuts).contains(Cut.LINKS).doesNotContain(Cut.ROWS);
        assertThat(Snapshots.text(terminal, 0)).startsWith("x".repeat(80) + "\n");
        repeat(1500, i -> "\u001b[?1049h" + link(i, 20_000));
        assertThat(terminal.stateBytes()).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void marksAndColoursOfEveryCellAreDroppedWhereTheyAreTooMuch() {
        terminal = terminal(300, 100, 1000);
        repeat(30_000, i -> "\u001b[4;58;2;" + i / 256 % 256 + ";" + i % 256 + ";1me" + "\u0301".repeat(31));

        assertThat(cuts).contains(Cut.ATTRIBUTES).doesNotContain(Cut.ROWS);
        assertThat(Snapshots.text(terminal, 0)).startsWith("e");
    }

    @Test
    void underlinesThatAreChangedInARectangleCount() {
        String links = "\u001b]8;;http://x/a\u0007a\u001b]8;;http://x/b\u0007b";
        feed(links.repeat(80 * 24 / 2));
        long before = terminal.stateBytes();

        feed("\u001b[1;1;24;80;4$r");

        assertThat(terminal.stateBytes() - before).isBetween(80 * 24 * 32L, 80 * 24 * 33L);
    }

    @Test
    void onAScreenOfAMillionColouredCellsTheUpperRowsGo() {
        terminal = terminal(1000, 1000, 1000);
        repeat(1000, i -> "\u001b[" + (i + 1) + ";1H\u001b[3" + i % 8 + "mrow" + i + "\u001b[99999b");

        assertThat(cuts).contains(Cut.ROWS);
        assertThat(Snapshots.text(terminal, 0)).contains("row999");
    }

    @Test
    void aMillionLinesAreAsManyAsFit() {
        repeat(100, i -> "some line of text that is not long\r\n".repeat(2000));

        assertThat(terminal.scrollbackSize()).isBetween(20_000, 40_000);
    }

    @Test
    void resizingBackAndForthStaysWithinTheLimit() {
        repeat(100, i -> "\u001b[3" + i % 8 + "m" + "wide text 世界 ".repeat(200));
        for (int i = 0; i < 6; i++) {
            terminal.resize(i % 2 == 0 ? 2 : 1000, i % 2 == 0 ? 1000 : 2);
            assertThat(terminal.stateBytes()).isLessThanOrEqualTo(LIMIT);
        }
    }

    @Test
    void aSavedCursorScrollsWithTheLinesThatAreLeft() {
        repeat(1000, i -> link(i, 20_000) + "\r\n");
        feed("\u001b[10;5H\u001b7");
        int line = terminal.primary().saved().line() - terminal.scrollbackSize();
        repeat(200, i -> "\r" + link(i, 50_000));
        assertThat(terminal.primary().saved().line() - terminal.scrollbackSize())
                .isEqualTo(line);
    }
}
