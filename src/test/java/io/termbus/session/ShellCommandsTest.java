package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.termbus.vt.screen.ShellMark;
import io.termbus.vt.snapshot.Snapshots;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ShellCommandsTest {
    private static final String A = "\u001b]133;A\u0007";
    private static final String B = "\u001b]133;B\u0007";
    private static final String C = "\u001b]133;C\u0007";

    private final FakeShell shell = new FakeShell(Optional.empty());
    private final FakeShell own = new FakeShell(Optional.of(FakeShell.NONCE));

    private static String d(String status) {
        return "\u001b]133;D;" + status + "\u0007";
    }

    private static List<JsonObject> list(FakeShell of) {
        return of.commands.list(Fields.of(null)).getJsonArray("commands").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static String output(FakeShell of, JsonObject command) {
        return of.output(command.getLong("outputFrom"), command.getLong("outputTo"));
    }

    @Test
    void aCommandHasItsLineItsOutputAndItsStatus() {
        shell.print("motd\r\n");
        long start = shell.offset();
        shell.print(
                A + "$ " + B + "ls\r\n\u001b]633;E;ls -l\\x3b echo \\\\n\u0007\u001b]633;P;Cwd=/tmp/a\\x3bb\u0007" + C);
        assertThat(list(shell))
                .containsExactly(new JsonObject()
                        .put("id", 1L)
                        .put("line", "ls -l; echo \\n")
                        .put("cwd", "/tmp/a;b")
                        .put("start", start)
                        .put("outputFrom", shell.offset())
                        .put("startedAt", "1970-01-01T00:00:00Z")
                        .put("trusted", false));
        shell.nanos += 2_000_000;
        shell.print("a\r\nb\r\n" + d("3") + A + "$ " + B);
        JsonObject command = list(shell).get(0);
        assertThat(output(shell, command)).isEqualTo("a\r\nb\r\n");
        assertThat(command.getInteger("exitCode")).isEqualTo(3);
        assertThat(command.getString("endedAt")).isEqualTo("1970-01-01T00:00:00.002Z");
        assertThat(shell.commands.require(1).durationMs()).isEqualTo(2);
        assertThat(shell.news).containsExactly("command.started 1", "command.finished 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0007", "\u001b\\"})
    void theOutputIsExactWhereverTheStreamIsCut(String end) {
        String marks = (A + "$ " + B + "x\r\n" + C + "é\r\nout" + d("0") + A).replace("\u0007", end);
        for (int cut = 0; cut <= marks.length(); cut++) {
            FakeShell each = new FakeShell(Optional.empty());
            each.print(marks.substring(0, cut));
            each.print(marks.substring(cut));
            JsonObject command = list(each).get(0);
            assertThat(output(each, command)).endsWith("é\r\nout").hasSizeLessThanOrEqualTo(8);
            assertThat(command.getInteger("exitCode")).isZero();
            assertThat(command.getLong("start")).isZero();
        }
    }

    /** 0xff and 0xc3 alone are no UTF-8, NUL is passed over. */
    @ParameterizedTest
    @ValueSource(strings = {"\u0007", "\u00c2\u009c"})
    void theOutputIsExactWhateverBytesAMarkHas(String end) {
        String directory = "\u001b]633;P;Cwd=/a\u00ffb\u00c3c\u0000d\u00c3\u00a9" + end;
        shell.print((A + C + "out\n" + directory + "\u001b]133;D;0;x=\u00ff" + end + A)
                .getBytes(StandardCharsets.ISO_8859_1));
        JsonObject command = list(shell).get(0);
        assertThat(output(shell, command)).isEqualTo("out\n");
        assertThat(command.getInteger("exitCode")).isZero();
    }

    @Test
    void anEndWithoutABeginningIsDropped() {
        shell.print(d("1") + A + d("130") + A);
        assertThat(list(shell)).isEmpty();
        assertThat(shell.news).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {A, "\u001b]133;N\u0007", C})
    void aBeginningWithoutAnEndIsOverWithTheNext(String next) {
        shell.print(A + "$ " + C + "out\r\n" + next);
        JsonObject command = list(shell).get(0);
        assertThat(output(shell, command)).isEqualTo("out\r\n");
        assertThat(command.containsKey("exitCode")).isFalse();
        assertThat(command.getString("endedAt")).isNotNull();
        assertThat(shell.news).startsWith("command.started 1", "command.finished 1");
    }

    @Test
    void ofAThousandWithoutEndOnlyTheLastRuns() {
        shell.print((A + C).repeat(1500));
        LinkedList<JsonObject> all = new LinkedList<>(list(shell));
        for (JsonObject page = new JsonObject().put("next", all.getFirst().getLong("id")); page.containsKey("next"); ) {
            page = shell.commands.list(Fields.of(new JsonObject().put("before", page.getLong("next"))));
            page.getJsonArray("commands").stream()
                    .map(JsonObject.class::cast)
                    .sorted(Comparator.comparing(each -> -each.getLong("id")))
                    .forEach(all::addFirst);
        }
        assertThat(all)
                .extracting(each -> each.getLong("id"))
                .isEqualTo(LongStream.rangeClosed(501, 1500).boxed().toList());
        assertThat(all.removeLast().containsKey("endedAt")).isFalse();
        assertThat(all).allMatch(each -> each.containsKey("endedAt"));
        assertThatThrownBy(() -> shell.commands.list(Fields.of(new JsonObject().put("limit", 101))))
                .hasMessageContaining("1..100");
        assertThat(shell.commands.bytes()).isLessThan(1000 * 200);
        assertThatThrownBy(() -> shell.commands.require(500))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("500");
    }

    @Test
    void operatorsAreToldOfSoManyInASecond() {
        shell.print((A + C + d("0")).repeat(500));
        assertThat(shell.news).hasSize(2 * ShellCommands.MAX_NEWS_PER_SECOND);
        shell.nanos += 1_000_000_000;
        shell.print(A + C + d("0"));
        assertThat(shell.news).endsWith("command.started 501", "command.finished 501");
    }

    @Test
    void longLinesAndDirectoriesAreBounded() {
        shell.print(A + "\u001b]633;E;" + "x".repeat(100_000) + "\u0007\u001b]633;P;Cwd=/" + "y".repeat(100_000)
                + "\u0007" + C);
        JsonObject command = list(shell).get(0);
        assertThat(command.getString("line"))
                .hasSize(ShellCommands.MAX_LINE_CHARS)
                .endsWith("x…");
        assertThat(command.getString("cwd")).isEqualTo("/home");
    }

    @Test
    void pagesGoBackward() {
        shell.print((A + C + d("0")).repeat(5));
        JsonObject page = shell.commands.list(Fields.of(new JsonObject().put("limit", 2)));
        assertThat(page.getJsonArray("commands").stream().map(each -> ((JsonObject) each).getLong("id")))
                .containsExactly(4L, 5L);
        assertThat(page.getLong("next")).isEqualTo(4);
        page = shell.commands.list(Fields.of(new JsonObject().put("limit", 3).put("before", 4)));
        assertThat(page.getJsonArray("commands").stream().map(each -> ((JsonObject) each).getLong("id")))
                .containsExactly(1L, 2L, 3L);
        assertThat(page.containsKey("next")).isFalse();
        assertThat(page.getBoolean("prompt")).isFalse();
    }

    @Test
    void theAlternateScreenIsPassedOver() {
        shell.print("\u001b[?1049h" + A + C + d("0") + "\u001b[?1049l");
        assertThat(list(shell)).isEmpty();
    }

    @Test
    void onceTheShellHasShownTheNonceOthersCountNoMore() {
        own.print(A + C);
        assertThat(list(own).get(0).getBoolean("trusted")).isFalse();
        own.own("D;0 A B");
        assertThat(list(own).get(0).containsKey("endedAt")).isTrue();
        own.own("C");
        own.print(d("0") + A + B + C + "\u001b]633;D;0;wrong\u0007" + "\u001b]133;D;0;n0nce;\u0007");
        assertThat(list(own)).hasSize(2);
        assertThat(list(own).get(1).getBoolean("trusted")).isTrue();
        assertThat(list(own).get(1).containsKey("endedAt")).isFalse();
        own.print("\u001b[?1049h");
        own.own("D;7 A");
        assertThat(list(own).get(1).getInteger("exitCode"))
                .as("of a shell after a program that was killed")
                .isEqualTo(7);
    }

    @Test
    void aSnapshotSaysWhichCommandItIsThatBegins() {
        own.own("A C");
        own.print("x\r\n" + C);
        own.own("D;0 A C");
        String snapshot = new String(Snapshots.ansi(own.terminal, 100), StandardCharsets.UTF_8);
        assertThat(snapshot).containsSubsequence("133;C;command=1", "x", "133;C;command=2");
        assertThat(list(own)).extracting(each -> each.getLong("id")).containsExactly(1L, 2L);
    }

    @Test
    void onlyMarksThatCountStayOnTheirRows() {
        own.own("A");
        own.print("\r\n" + A);
        assertThat(own.terminal.primary().marked(own.terminal.primary().row(0), ShellMark.Kind.PROMPT))
                .isTrue();
        assertThat(own.terminal.primary().marked(own.terminal.primary().row(1), ShellMark.Kind.PROMPT))
                .isFalse();
    }

    @Test
    void aPromptIsTouchedFromTheFirstKeyToTheNextPrompt() {
        own.commands.typed(new byte[] {'x'});
        own.own("A B");
        assertThat(own.commands.isReady()).isTrue();
        own.commands.typed(new byte[] {'l'});
        assertThat(own.commands.isReady()).isFalse();
        own.own("A B");
        assertThat(own.commands.isTouched()).as("the same prompt, shown again").isTrue();
        own.own("D;130 A");
        assertThat(own.commands.isReady()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "abc,true",
        "'x\rabc',true",
        "'abc\r',false",
        "'abc\u0003',false",
        "'\u0003abc',true",
        "'x\r\u0004',false",
        "'abc\u0015',false"
    })
    void aLineThatIsBegunBeforeThePromptIsTypedAtIt(String input, boolean touched) {
        own.editsLines = true;
        own.own("A B C");
        own.commands.typed(input.translateEscapes().getBytes());
        own.own("D;0 A B A B");
        assertThat(own.commands.isTouched()).isEqualTo(touched);
        own.own("D;130 A B");
        assertThat(own.commands.isReady()).isTrue();
    }

    @Test
    void whatAProgramReadsByItselfIsNotTypedAtThePrompt() {
        own.own("A B C");
        own.editsLines = true;
        own.commands.typed(new byte[] {'x'});
        own.editsLines = false;
        own.commands.typed(new byte[] {'y'});
        own.own("D;0 A B");
        assertThat(own.commands.isReady()).isTrue();
    }

    @Test
    void linesThatWereTypedAheadAreCounted() {
        own.own("D;0");
        own.commands.typed("a\nb\r\r".getBytes());
        own.own("A B");
        assertThat(own.commands.linesAhead()).isEqualTo(3);
        own.own("C D;0 A C D;0 A");
        assertThat(own.commands.linesAhead()).isEqualTo(1);
        own.own("D;0 A");
        assertThat(own.commands.linesAhead()).as("an empty one begins nothing").isZero();
        own.commands.typed("c\r".getBytes());
        own.commands.typed(new byte[] {3});
        assertThat(own.commands.linesAhead()).isZero();
    }

    @Test
    void aPromptIsKnownByItsPlace() {
        own.own("A");
        assertThat(own.commands.promptsSince(Optional.empty())).isTrue();
        assertThat(own.commands.promptsSince(Optional.of(own.offset() - 1))).isTrue();
        assertThat(own.commands.promptsSince(Optional.of(own.offset()))).isFalse();
        own.own("C");
        assertThat(own.commands.promptsSince(Optional.empty())).isFalse();
    }

    @Test
    void whatRunsEndsWithTheSession() {
        own.own("A C");
        own.print("out");
        own.commands.exited(own.offset());
        JsonObject command = list(own).get(0);
        assertThat(output(own, command)).isEqualTo("out");
        assertThat(command.containsKey("exitCode")).isFalse();
    }

    @Test
    void whatWasKeptGoesOnAsItWas() {
        own.print("\u001b]633;P;Cwd=/srv;" + FakeShell.NONCE + "\u0007");
        own.own("A B C");
        own.print("out\r\n");
        own.own("D;3 A B C");
        own.commands.typed("next\r".getBytes(StandardCharsets.UTF_8));
        FakeShell after = new FakeShell(Optional.of(FakeShell.NONCE));

        after.commands.restore(new JsonObject(own.commands.kept().encode()));

        assertThat(list(after)).isEqualTo(list(own)).hasSize(2);
        assertThat(after.commands.cwd()).isEqualTo(own.commands.cwd());
        assertThat(after.commands.isRunning()).isTrue();
        assertThat(after.commands.linesAhead()).isEqualTo(own.commands.linesAhead());
        after.print(own.output(0, own.offset()).replaceAll("(?s).*", "x".repeat((int) own.offset())));
        after.own("D;5 A");
        assertThat(list(after).get(1).getInteger("exitCode")).isEqualTo(5);
        assertThat(after.commands.find(3)).isEmpty();
    }
}
