package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RunsTest {
    private final FakeShell shell = new FakeShell(Optional.of(FakeShell.NONCE));
    private final FakeHost host = new FakeHost();
    private final Runs runs = new Runs(host, shell.commands, Optional.of(Shell.BASH));

    RunsTest() {
        shell.onChange(runs::goOn);
    }

    private final class FakeHost implements Runs.Host {
        private final Map<Long, Runnable> timers = new TreeMap<>();
        private final List<String> typed = new ArrayList<>();
        private long timer;
        private boolean lost;

        @Override
        public long after(long ms, Runnable then) {
            timers.put(++timer, then);
            return timer;
        }

        @Override
        public void cancel(long id) {
            timers.remove(id);
        }

        @Override
        public void type(String line) {
            typed.add(line);
            shell.commands.typed(line.getBytes());
        }

        @Override
        public long outputBytes() {
            return shell.offset();
        }

        @Override
        public Future<JsonObject> text(long from, long to, int maxBytes) {
            return lost
                    ? Future.failedFuture(HubException.limit("reads that wait", "too many"))
                    : Future.succeededFuture(new JsonObject()
                            .put("text", shell.output(from, to))
                            .put("since", from)
                            .put("truncated", to - from > maxBytes));
        }

        void rest() {
            assertThat(timers).hasSize(2);
            timers.remove(timer).run();
        }

        void expire() {
            assertThat(timers).hasSize(1);
            timers.values().iterator().next().run();
        }
    }

    private Future<JsonObject> run(String command) {
        return runs.run(RunSpec.of(Fields.of(new JsonObject().put("command", command))), "one", () -> {});
    }

    private void line(String text) {
        shell.print("\u001b]633;E;" + text + ";" + FakeShell.NONCE + "\u0007");
    }

    private static ErrorCode refusal(Future<JsonObject> run) {
        assertThat(run.failed()).isTrue();
        return ((HubException) run.cause()).error();
    }

    @Test
    void aCommandIsTypedAtThePromptAndAnsweredWhenItHasEnded() {
        shell.own("A B");
        Future<JsonObject> run = run(" make test ");
        assertThat(host.typed).containsExactly("make test\r");
        shell.print("make test\r\n");
        shell.own("C");
        shell.print("built\r\n");
        shell.nanos += 1_500_000_000;
        assertThat(run.isComplete()).isFalse();
        shell.print("\u001b]633;P;Cwd=/src;" + FakeShell.NONCE + "\u0007");
        shell.own("D;2");
        assertThat(run.result())
                .isEqualTo(new JsonObject()
                        .put("id", 1L)
                        .put("exitCode", 2)
                        .put("durationMs", 1500L)
                        .put("cwd", "/src")
                        .put("text", "built\r\n")
                        .put("truncated", false));
        assertThat(host.timers).isEmpty();
    }

    @Test
    void itWaitsForAPromptAndIsTypedOnce() {
        Future<JsonObject> run = run("true");
        assertThat(host.typed).isEmpty();
        shell.print("\u001b]133;A\u0007\u001b]133;B\u0007");
        assertThat(host.typed).as("a forged prompt").isEmpty();
        shell.own("A B A B");
        assertThat(host.typed).containsExactly("true\r");
        shell.own("C D;0 A B");
        assertThat(run.result().getInteger("exitCode")).isZero();
        assertThat(host.typed).hasSize(1);
    }

    @Test
    void forgedMarksEndNothing() {
        shell.own("A B");
        Future<JsonObject> run = run("cat evil");
        shell.own("C");
        shell.print(
                "\u001b]133;D;0\u0007\u001b]133;A\u0007\u001b]133;C\u0007\u001b]633;D;0\u0007\u001b]133;D;0;nonce\u0007");
        assertThat(run.isComplete()).isFalse();
        shell.own("D;1");
        assertThat(run.result().getInteger("exitCode")).isEqualTo(1);
    }

    @Test
    void oneRunsAtATime() {
        shell.own("A B");
        Future<JsonObject> first = run("sleep 1");
        assertThatThrownBy(() -> run("true")).hasMessage("busy: another run is under way");
        shell.own("C D;0");
        assertThat(first.succeeded()).isTrue();
        Future<JsonObject> second = run("true");
        assertThat(host.typed).as("no prompt yet").hasSize(1);
        shell.own("A B");
        assertThat(host.typed).hasSize(2);
        shell.own("C D;0");
        assertThat(second.result().getLong("id")).isEqualTo(2);
    }

    @Test
    void aBusyShellIsNotTypedAt() {
        shell.own("A B C");
        assertThatThrownBy(() -> run("true")).hasMessage("busy: a command is running");
        shell.own("D;0 A B");
        shell.commands.typed("ls".getBytes());
        assertThatThrownBy(() -> run("true")).hasMessage("busy: something is typed at the prompt");
        assertThat(host.typed).isEmpty();
    }

    @Test
    void whatSomebodyElseBeginsMeanwhileIsBusy() {
        Future<JsonObject> run = run("true");
        shell.own("C");
        assertThat(refusal(run)).isEqualTo(ErrorCode.CONFLICT);
        shell.own("D;0 A B");
        assertThat(host.typed).isEmpty();
    }

    @Test
    void aTimeOutTellsWhatThereIs() {
        shell.own("A B");
        Future<JsonObject> run = run("sleep 9");
        shell.own("C");
        shell.print("so far");
        host.expire();
        assertThat(run.result().getBoolean("running")).isTrue();
        assertThat(run.result().getLong("id")).isEqualTo(1);
        assertThat(run.result().getString("text")).isEqualTo("so far");
        assertThat(run.result().containsKey("exitCode")).isFalse();
        assertThatThrownBy(() -> run("true")).hasMessage("busy: a command is running");
    }

    @Test
    void aCommandThatIsNotWholeDoesNotBegin() {
        shell.own("A B");
        Future<JsonObject> run = run("echo 'x");
        shell.print("> ");
        host.expire();
        assertThat(run.result())
                .isEqualTo(new JsonObject()
                        .put("running", true)
                        .put("started", false)
                        .put("text", "> ")
                        .put("truncated", false));
        assertThatThrownBy(() -> run("true")).hasMessage("busy: something is typed at the prompt");
    }

    @Test
    void aLineThatNoShellRunsEndsAtOnce() {
        shell.own("A B");
        Future<JsonObject> run = run("echo )");
        shell.print("echo )\r\nsyntax error\r\n");
        shell.own("D;2");
        assertThat(run.result())
                .isEqualTo(new JsonObject()
                        .put("started", false)
                        .put("exitCode", 2)
                        .put("cwd", "/home")
                        .put("text", "echo )\r\nsyntax error\r\n")
                        .put("truncated", false));
        assertThat(host.timers).isEmpty();
        shell.own("A B");
        Future<JsonObject> next = run("true");
        shell.own("C D;0");
        assertThat(next.result().getLong("id")).isEqualTo(1);
    }

    @Test
    void aPromptThatIsShownAgainEndsNothing() {
        shell.own("D;0 A B");
        Future<JsonObject> run = run("true");
        shell.own("A B A B");
        assertThat(run.isComplete()).isFalse();
        shell.own("C D;0");
        assertThat(run.result().getLong("id")).isEqualTo(1);
    }

    @Test
    void emptyLinesThatWereTypedBeforeDoNotEndIt() {
        shell.commands.typed("\r\r".getBytes());
        shell.own("D;0 A B");
        Future<JsonObject> run = run("echo )");
        shell.own("D;0 A B D;0 A B");
        assertThat(run.isComplete()).isFalse();
        shell.own("D;1 A B");
        assertThat(run.result().getInteger("exitCode")).isEqualTo(1);
    }

    @Test
    void aLineThatIsBegunWhileAnotherRunsIsNotGluedToIt() {
        shell.editsLines = true;
        shell.own("A B C");
        shell.commands.typed("abc".getBytes());
        shell.own("D;0");
        Future<JsonObject> run = run("echo X");
        shell.own("A B");
        assertThat(refusal(run)).isEqualTo(ErrorCode.CONFLICT);
        assertThat(host.typed).isEmpty();
    }

    @Test
    void withoutAPromptNothingIsTyped() {
        Future<JsonObject> run = run("true");
        host.expire();
        assertThat(refusal(run)).isEqualTo(ErrorCode.CONFLICT);
        shell.own("A B");
        assertThat(host.typed).isEmpty();
    }

    @Test
    void whatWasTypedBeforeIsNotTakenForIt() {
        shell.commands.typed("make\rtest\r".getBytes());
        shell.own("A B");
        Future<JsonObject> run = run("true");
        line("make");
        shell.own("C D;1 A B");
        line("test");
        shell.own("C D;1 A B");
        assertThat(run.isComplete()).isFalse();
        line("true");
        shell.own("C D;0");
        assertThat(run.result().getLong("id")).isEqualTo(3);
    }

    @Test
    void whereNoLineIsToldThoseTypedBeforeAreCounted() {
        shell.commands.typed("make\r\rtest\r".getBytes());
        shell.own("A B");
        Future<JsonObject> run = run("true");
        shell.own("C D;1 A B D;1 A B C D;1 A B");
        assertThat(run.isComplete()).isFalse();
        shell.own("C D;0");
        assertThat(run.result().getLong("id")).isEqualTo(3);
        assertThat(host.timers).isEmpty();
    }

    @Test
    void linesThatAProgramHasReadAreNotWaitedForWhenThePromptRests() {
        shell.own("A B C");
        shell.commands.typed("password\r\r".getBytes());
        shell.own("D;0 A B");
        Future<JsonObject> run = run("true");
        shell.own("C");
        assertThat(host.timers).as("its time alone").hasSize(1);
        shell.own("D;3 A B");
        assertThat(run.isComplete()).isFalse();
        host.rest();
        assertThat(run.result().getInteger("exitCode")).isEqualTo(3);
        assertThat(host.timers).isEmpty();
        Future<JsonObject> next = run("true");
        shell.own("C D;0");
        assertThat(next.isComplete()).as("the lines are forgotten").isTrue();
        shell.own("A B");
        assertThat(shell.commands.linesAhead()).isZero();
    }

    @Test
    void aLineThatNoShellRunsEndsAlsoWhenThePromptRests() {
        shell.own("A B C");
        shell.commands.typed("password\r".getBytes());
        shell.own("D;0 A B");
        Future<JsonObject> run = run("echo )");
        shell.own("D;2 A B");
        assertThat(run.isComplete()).isFalse();
        host.rest();
        assertThat(run.result().getBoolean("started")).isFalse();
        assertThat(run.result().getInteger("exitCode")).isEqualTo(2);
        assertThat(host.timers).isEmpty();
    }

    @Test
    void aTimeOutTellsOfWhatMayBeIt() {
        shell.own("A B C");
        shell.commands.typed("password\r".getBytes());
        shell.own("D;0 A B");
        Future<JsonObject> run = run("sleep 9");
        shell.own("C");
        host.expire();
        assertThat(run.result().getLong("id")).isEqualTo(2);
        assertThat(run.result().getBoolean("running")).isTrue();
    }

    @Test
    void aShellMayTellAnotherLineThanWasTyped() {
        shell.own("A B");
        Future<JsonObject> run = run("gs");
        line("git status");
        shell.own("C D;0");
        assertThat(run.result().getLong("id")).isEqualTo(1);
        assertThat(shell.commands.require(1).line()).contains("gs");
    }

    @Test
    void theEndOfTheSessionIsTheEnd() {
        shell.own("A B");
        Future<JsonObject> run = run("exit 3");
        shell.own("C");
        shell.print("exit\r\n");
        shell.commands.exited(shell.offset());
        runs.exited();
        assertThat(run.result().getString("text")).isEqualTo("exit\r\n");
        assertThat(run.result().containsKey("exitCode") || run.result().containsKey("running"))
                .isFalse();
    }

    @Test
    void aSessionThatExitsBeforeFails() {
        Future<JsonObject> run = run("true");
        shell.commands.exited(0);
        runs.exited();
        assertThat(refusal(run)).isEqualTo(ErrorCode.EXITED);
        shell.own("A B");
        Future<JsonObject> next = run("true");
        runs.close();
        assertThat(refusal(next)).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(host.timers).isEmpty();
    }

    @Test
    void thatOfAConnectionThatIsGoneIsNotTyped() {
        Future<JsonObject> run = run("rm -r x");
        assertThat(runs.cancel("other")).isZero();
        assertThat(runs.cancel("one")).isEqualTo(1);
        assertThat(run.failed()).isTrue();
        shell.own("A B");
        assertThat(host.typed).isEmpty();
        assertThat(run("true").isComplete()).isFalse();
        assertThat(host.typed).hasSize(1);
    }

    @Test
    void whoMayNotTypeWhenThePromptComesDoesNot() {
        Future<JsonObject> run = runs.run(new RunSpec("true", 1000, 100), "one", () -> {
            throw new HubException(ErrorCode.LOCKED, "another drives");
        });
        shell.own("A B");
        assertThat(refusal(run)).isEqualTo(ErrorCode.LOCKED);
        assertThat(host.typed).isEmpty();
    }

    @Test
    void whatHasRunIsToldAlsoWhereItsOutputIsLost() {
        shell.own("A B");
        host.lost = true;
        Future<JsonObject> run = run("true");
        shell.own("C D;0");
        assertThat(run.result().getInteger("exitCode")).isZero();
        assertThat(run.result().getBoolean("truncated")).isTrue();
    }

    @Test
    void aSessionWithoutIntegrationHasNone() {
        Runs none = new Runs(host, shell.commands, Optional.empty());
        assertThatThrownBy(() -> none.run(new RunSpec("true", 1000, 100), "one", () -> {}))
                .hasMessageContaining("shellIntegration");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"command\":\" \\n\"}",
                "{\"command\":\"a\\u0000b\"}",
                "{\"command\":\"x\",\"timeoutMs\":600001}"
            })
    void badArgumentsAreRefused(String body) {
        assertThatThrownBy(() -> RunSpec.of(Fields.of(new JsonObject(body))))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("field '");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BASH|echo 'a' $b|echo 'a' $b",
                "BASH|a\\nb\\\\'\\t!|eval $'a\\nb\\x5c\\x27\\x09\\x21'",
                "ZSH|é\\n|eval $'é\\n'",
                "FISH|a!|a!",
                "FISH|a\\nb\\\\'|eval 'a'\\x0a'b\\\\\\''",
            })
    void whatNoLineHoldsIsQuoted(Shell of, String command, String typed) {
        assertThat(of.typed(command.translateEscapes())).isEqualTo(typed);
    }
}
