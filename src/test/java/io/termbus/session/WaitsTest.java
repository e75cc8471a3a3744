package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.guard.FairShare;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.termbus.vt.lines.Replay;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaitsTest {
    private long nanos = Long.MIN_VALUE / 2;
    private final FakeHost host = new FakeHost();
    private final FairShare readers = new FairShare(4, 4);
    private final Waits waits = new Waits(host, readers, () -> nanos, () -> nanos);

    /** A session whose terminal takes output in at once, and whose time passes when it is told to. */
    private final class FakeHost implements Waits.Host {
        private final Terminal terminal = new Terminal(40, 5, 100, TerminalListener.SILENT);
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final Map<Long, Runnable> timers = new TreeMap<>();
        private final Map<Long, Long> due = new TreeMap<>();
        private long timer;
        private long heldFrom;
        private int looks;
        /** What a look takes. */
        private long lookNanos;
        /** Looks are done when the gate is given back. */
        private boolean lent;

        private final List<ScreenGate.Change> queued = new ArrayList<>();
        /** What a shell has told. */
        private final List<WaitCondition> told = new ArrayList<>();
        /** Workers do nothing, until they are told to. */
        private boolean workersBusy;

        private int works;

        @Override
        public long after(long ms, Runnable then) {
            assertThat(ms).isPositive();
            timers.put(++timer, then);
            due.put(timer, nanos + TimeUnit.MILLISECONDS.toNanos(ms));
            return timer;
        }

        @Override
        public void cancel(long id) {
            timers.remove(id);
            due.remove(id);
        }

        @Override
        public void change(ScreenGate.Change look) {
            looks++;
            queued.add(look);
            if (!lent) {
                giveBack();
            }
        }

        void giveBack() {
            lent = false;
            while (!queued.isEmpty()) {
                ScreenGate.Change look = queued.get(0);
                while (!look.isDone()) {
                    assertThat(look.go()).isZero();
                }
                queued.remove(0);
            }
        }

        @Override
        public Terminal terminal() {
            nanos += lookNanos;
            return terminal;
        }

        @Override
        public long offset() {
            return output.size();
        }

        @Override
        public boolean isTold(WaitCondition condition, Optional<Long> since) {
            return told.contains(condition);
        }

        @Override
        public Future<Void> work(Runnable task) {
            works++;
            if (workersBusy) {
                return Promise.<Void>promise().future();
            }
            task.run();
            return Future.succeededFuture();
        }

        @Override
        public Future<ReplayReading.Shown> replay(long from, long to, BooleanSupplier wanted) {
            long begin = Math.max(from, heldFrom);
            Replay replay =
                    new Replay(Arrays.copyOfRange(output.toByteArray(), (int) begin, (int) to), 40, 5, 100, 1 << 20);
            while (replay.step()) {
                // on
            }
            return Future.succeededFuture(new ReplayReading.Shown(begin, replay.lines()));
        }

        void pass(long ms) {
            long end = nanos + TimeUnit.MILLISECONDS.toNanos(ms);
            while (true) {
                var next = due.entrySet().stream().min(Map.Entry.comparingByValue());
                if (next.isEmpty() || next.get().getValue() > end) {
                    nanos = Math.max(nanos, end);
                    return;
                }
                nanos = Math.max(nanos, next.get().getValue());
                long id = next.get().getKey();
                Runnable then = timers.remove(id);
                due.remove(id);
                then.run();
            }
        }
    }

    private void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        host.output.writeBytes(bytes);
        host.terminal.feed(bytes, 0, bytes.length);
        waits.printed();
    }

    private Future<JsonObject> begin(JsonObject body) {
        return waits.begin(WaitSpec.of(Fields.of(body), host.output.size()), "one");
    }

    private static JsonObject any(Object... kindsAndValues) {
        JsonArray any = new JsonArray();
        for (int i = 0; i < kindsAndValues.length; i += 2) {
            any.add(new JsonObject().put((String) kindsAndValues[i], kindsAndValues[i + 1]));
        }
        return new JsonObject().put("any", any);
    }

    private static Integer matched(Future<JsonObject> wait) {
        assertThat(wait.isComplete()).isTrue();
        return wait.result().getInteger("matched");
    }

    @Test
    void aTextIsFoundWhenItIsPrinted() {
        print("ready?\r\n");
        Future<JsonObject> wait = begin(any("text", "go", "text", "ready"));
        print("re\r\n");
        host.pass(10);
        assertThat(wait.isComplete()).isFalse();
        print("it is ready now");
        host.pass(10);
        assertThat(matched(wait)).isEqualTo(1);
        assertThat(wait.result())
                .isEqualTo(new JsonObject()
                        .put("matched", 1)
                        .put("offset", host.output.size())
                        .put("elapsedMs", wait.result().getLong("elapsedMs"))
                        .put("state", "running")
                        .put("row", "it is ready now"));
    }

    @Test
    void theFirstOfSeveralThatAreThereIsTold() {
        Future<JsonObject> wait = begin(any("text", "b", "text", "a"));
        print("a\r\nb");
        host.pass(10);
        assertThat(matched(wait)).isZero();
        assertThat(wait.result().getString("row")).isEqualTo("b");
    }

    @Test
    void aRegexIsFoundInWrappedRows() {
        Future<JsonObject> wait = begin(any("regex", "(?i)^tests run: \\d+, .*errors: [1-9]"));
        print("Tests run: 12, Failures: 0, Skipped: 0, and some more, Errors: 3");
        host.pass(10);
        assertThat(matched(wait)).isZero();
    }

    @Test
    void whatCameSinceAnOffsetIsFound() {
        print("old\r\n");
        int since = host.output.size();
        print("\u001b[31mnew\u001b[0m\r\n");
        assertThat(begin(any("text", "old").put("since", since)).isComplete()).isFalse();
        host.pass(10);
        Future<JsonObject> wait = begin(any("text", "old", "text", "new").put("since", since));
        host.pass(10);
        assertThat(matched(wait)).isEqualTo(1);
        assertThat(wait.result().getString("row")).isEqualTo("new");
        assertThat(wait.result().containsKey("gap")).isFalse();
    }

    @Test
    void whatIsHeldNoMoreIsAGap() {
        print("0123456789new\r\n");
        host.heldFrom = 10;
        Future<JsonObject> wait = begin(any("text", "9", "text", "new").put("since", 3));
        host.pass(10);
        assertThat(matched(wait)).isEqualTo(1);
        assertThat(wait.result().getLong("gap")).isEqualTo(7);
    }

    @Test
    void silenceCountsFromTheLastOutput() {
        host.pass(5000);
        Future<JsonObject> wait = begin(any("text", "never", "idleMs", 100));
        host.pass(99);
        print(".");
        host.pass(99);
        assertThat(wait.isComplete()).isFalse();
        host.pass(1);
        assertThat(matched(wait)).isEqualTo(1);
        assertThat(wait.result().getLong("elapsedMs")).isEqualTo(199);
    }

    @Test
    void whatAShellTellsIsFoundAtOnceAndWhenItComes() {
        Future<JsonObject> both = begin(any("text", "never", "command", 7, "prompt", true));
        Future<JsonObject> prompt = begin(any("prompt", true));
        waits.told();
        assertThat(both.isComplete() || prompt.isComplete()).isFalse();
        host.told.add(new WaitCondition.Command(7));
        waits.told();
        assertThat(matched(both)).isEqualTo(1);
        assertThat(prompt.isComplete()).isFalse();
        host.told.add(new WaitCondition.Prompt());
        waits.told();
        assertThat(matched(prompt)).isZero();
        assertThat(matched(begin(any("idleMs", 100, "prompt", true, "command", 7))))
                .isEqualTo(1);
    }

    @Test
    void aTimeOutIsAnAnswer() {
        Future<JsonObject> wait = begin(any("text", "never").put("timeoutMs", 250));
        host.pass(249);
        assertThat(wait.isComplete()).isFalse();
        host.pass(1);
        assertThat(matched(wait)).isNull();
        assertThat(wait.result().getString("state")).isEqualTo("running");
        assertThat(host.timers).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void whatCameBeforeTheTimeOutIsSeenThoughTheLookComesAfter() {
        host.lookNanos = 1_000_000;
        Future<JsonObject> seen = begin(any("text", "text").put("timeoutMs", 5));
        Future<JsonObject> unseen = begin(any("text", "other").put("timeoutMs", 5));
        print("some text");
        host.pass(15);
        assertThat(seen.isComplete()).isFalse();
        for (int ms = 0; ms < 10; ms++) {
            print(".");
            host.pass(1);
        }
        assertThat(matched(seen)).isZero();
        assertThat(matched(unseen)).isNull();
    }

    @Test
    void withoutTimeItTellsWhatIsThere() {
        print("there");
        assertThat(matched(begin(any("text", "there").put("since", 0).put("timeoutMs", 0))))
                .isZero();
        host.pass(10);
        assertThat(matched(begin(any("text", "there").put("timeoutMs", 0)))).isNull();
        host.pass(10);
        assertThat(matched(begin(any("text", "nowhere").put("since", 0).put("timeoutMs", 0))))
                .isNull();
    }

    @Test
    void theExitEndsAllThatNothingCanComeOf() {
        Future<JsonObject> exit = begin(any("text", "never", "exit", true));
        Future<JsonObject> last = begin(any("text", "last words", "exit", true));
        Future<JsonObject> never = begin(any("text", "never"));
        Future<JsonObject> silence = begin(any("idleMs", 500));
        print("last words");
        waits.exited();
        host.pass(10);
        assertThat(matched(exit)).isEqualTo(1);
        assertThat(matched(last)).isZero();
        assertThat(matched(never)).isNull();
        assertThat(never.result().getString("state")).isEqualTo("exited");
        assertThat(silence.isComplete()).isFalse();
        host.pass(500);
        assertThat(matched(silence)).isZero();

        assertThat(matched(begin(any("exit", true)))).isZero();
        Future<JsonObject> late = begin(any("text", "words").put("since", 0));
        host.pass(10);
        assertThat(matched(late)).isZero();
    }

    @Test
    void waitsEndWithTheirConnectionAndWithTheSession() {
        Future<JsonObject> mine = begin(any("text", "x"));
        Future<JsonObject> others = waits.begin(WaitSpec.of(Fields.of(any("exit", true)), 0), "two");
        assertThat(waits.cancel("one")).isEqualTo(1);
        assertThat(matched(mine)).isNull();
        assertThat(others.isComplete()).isFalse();
        waits.close();
        assertThat(others.cause()).hasMessageContaining("gone");
        assertThat(begin(any("exit", true)).failed()).isTrue();
        assertThat(readers.size()).isZero();
    }

    @Test
    void soManyMayWait() {
        List<Future<JsonObject>> all = new ArrayList<>();
        for (int i = 0; i < Waits.MAX_WAITS; i++) {
            all.add(begin(any("text", "now")));
        }
        assertThatThrownBy(() -> begin(any("exit", true)))
                .isInstanceOf(HubException.class)
                .hasMessageEndingWith("(waits of a session)");
        host.pass(10);
        print("now");
        host.pass(10);
        assertThat(all).allMatch(Future::succeeded);
        assertThat(begin(any("idleMs", 1)).isComplete()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, 20", "2, 50"})
    void lookingTakesATwentiethOfTheTimeAndAFiftiethWhereItTakesLong(int lookMs, int share) {
        host.lookNanos = TimeUnit.MILLISECONDS.toNanos(lookMs);
        begin(any("text", "never").put("timeoutMs", 600_000));
        long began = nanos;
        host.looks = 0;
        for (int ms = 0; ms < 2000; ms++) {
            print("flood\r\n");
            host.pass(1);
        }
        long ms = TimeUnit.NANOSECONDS.toMillis(nanos - began);
        long most = ms / lookMs / share + 1;
        assertThat((long) host.looks).isBetween(most * 9 / 10, most);
    }

    @Test
    void aTimeOutIsKeptThoughWorkersHaveNoTime() {
        host.workersBusy = true;
        Future<JsonObject> costly = begin(any("regex", "(?:a?){100}x").put("timeoutMs", 250));
        Future<JsonObject> cheap = begin(any("text", "last"));
        print("a".repeat(190) + "last");
        host.pass(50);
        assertThat(matched(cheap)).isZero();
        host.pass(249 + Waits.GRACE_MS - 50);
        assertThat(costly.isComplete()).isFalse();
        host.pass(1);
        assertThat(matched(costly)).isNull();
    }

    @Test
    void aTimeOutIsKeptThoughTheTerminalIsNotGivenBack() {
        host.lent = true;
        Future<JsonObject> wait = begin(any("text", "x").put("timeoutMs", 0));
        host.pass(Waits.GRACE_MS);
        assertThat(matched(wait)).isNull();
    }

    @Test
    void oneSearchIsUnderWayHoweverManyResizesThereAre() {
        host.workersBusy = true;
        begin(any("regex", "(?:a?){100}x"));
        for (int i = 0; i < 100; i++) {
            print("a".repeat(150) + i);
            waits.resizes();
            waits.resized();
            host.pass(50);
        }
        assertThat(host.works).isEqualTo(1);
    }

    @Test
    void ofLinesThatAreStillToBeSearchedTheOldestGiveWay() {
        LineSearch search = new LineSearch(List.of(new WaitCondition.Text("first"), new WaitCondition.Text("last")));
        search.add(new LineSearch.Lines());
        assertThat(search.isPending()).isFalse();
        for (int i = 0; i < 2000; i++) {
            LineSearch.Lines lines = new LineSearch.Lines();
            lines.add((i == 0 ? "first" : i == 1999 ? "last" : "") + "x".repeat(1000));
            search.add(lines);
            assertThat(search.units()).isLessThanOrEqualTo(2 * LineSearch.MAX_WEIGHT);
        }
        while (search.isPending()) {
            search.begin();
            search.go(() -> 0);
            search.end();
        }
        assertThat(search.found()).map(LineSearch.Found::index).contains(1);
    }

    @Test
    void textThatWasPrintedFirstIsFoundBeforeTheSilence() {
        host.lookNanos = 5_000_000;
        Future<JsonObject> wait = begin(any("text", "text", "idleMs", 20));
        print("text");
        host.pass(300);
        assertThat(matched(wait)).isZero();
    }

    @Test
    void whatCameBeforeAWaitIsNotFoundThoughALookIsLate() {
        begin(any("text", "first"));
        host.pass(10);
        print("first");
        host.pass(10);
        host.lent = true;
        begin(any("text", "second"));
        print("old");
        Future<JsonObject> wait = begin(any("text", "old").put("since", host.output.size()));
        host.giveBack();
        print("new");
        host.pass(1);
        print("\r\nnewer");
        host.pass(10);
        assertThat(wait.isComplete()).isFalse();
    }

    @Test
    void whoWaitsForNothingOnTheScreenHasNobodyLook() {
        begin(any("idleMs", 1000, "exit", true));
        print("text");
        assertThat(host.looks).isZero();
    }

    @Test
    void nobodyWaitsAndNobodyLooks() {
        print("text");
        waits.resizes();
        waits.resized();
        assertThat(host.looks).isZero();
        assertThat(host.timers).isEmpty();
    }

    @Test
    void aResizeMakesNothingNewAndLosesNothing() {
        print("a line that is wrapped when the terminal is narrow, and was there before\r\n");
        Future<JsonObject> wait = begin(any("text", "before", "text", "after"));
        waits.resizes();
        host.terminal.resize(20, 5);
        waits.resized();
        host.pass(10);
        assertThat(wait.isComplete()).isFalse();
        print("after");
        waits.resizes();
        host.terminal.resize(30, 5);
        waits.resized();
        host.pass(10);
        assertThat(matched(wait)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"any\":[]}",
                "{\"any\":\"x\"}",
                "{\"any\":[\"x\"]}",
                "{\"any\":[{}]}",
                "{\"any\":[{\"text\":\"\"}]}",
                "{\"any\":[{\"text\":1}]}",
                "{\"any\":[{\"text\":\"a\",\"regex\":\"b\"}]}",
                "{\"any\":[{\"regex\":\"(\"}]}",
                "{\"any\":[{\"regex\":\"(?=x)\"}]}",
                "{\"any\":[{\"idleMs\":0}]}",
                "{\"any\":[{\"idleMs\":null}]}",
                "{\"any\":[{\"exit\":false}]}",
                "{\"any\":[{\"other\":1}]}",
                "{\"any\":[{\"exit\":true}],\"timeoutMs\":600001}",
                "{\"any\":[{\"exit\":true}],\"since\":-1}",
                "{\"any\":[{\"exit\":true}],\"since\":1}",
            })
    void badArgumentsAreRefused(String body) {
        assertThatThrownBy(() -> begin(new JsonObject(body)))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("field '");
    }

    @Test
    void badConditionsOfShellsAreRefusedByName() {
        assertThatThrownBy(() -> begin(any("prompt", false))).hasMessageContaining("'any[0].prompt' must be true");
        assertThatThrownBy(() -> begin(any("exit", true, "command", 0))).hasMessageContaining("'command' must be 1..");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "((a{0,1000}b){1000,}){1000}",
                "a{1000}(?i){1000}{1000}",
                "((a{1000})\\Q\\E{1000})\\Q\\E{1000}",
                "((a{1000})+{1000})*{1000}",
                "(((a{30}){30}){30}){30}",
                "((((a{9}){9}){9}){9}){9}",
                "(x{500}y{500}){2}",
                "x{501}",
                "[\\pL\\pN]",
                "(?i)[A-\\x{1044e}]",
                "(?s-i)(?mi:x[A-\u4e00])",
                "(?i)[\\0-\\777]",
            })
    @Timeout(5)
    void regexesThatExplodeAreRefused(String regex) {
        assertThatThrownBy(() -> begin(any("regex", regex)))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("'any[0].regex'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{1,9}Z",
                "(\\d{1,3}\\.){3}\\d{1,3}",
                "([0-9a-f]{2}:){5}[0-9a-f]{2}",
                "(?i)[äöü]+ [a-z]{3}",
                "[A-\\x{1044e}]",
                "x{400}",
                "^\\p{Greek}+ [0-9]",
            })
    void regexesOfEverydayAreTaken(String regex) {
        assertThat(begin(any("regex", regex)).isComplete()).isFalse();
    }

    @Test
    void aRegexThatBacktracksForEverElsewhereTakesLinearTime() {
        Future<JsonObject> wait = begin(any("regex", "(a|a)*(a|aa)+$x"));
        print("a".repeat(190));
        host.pass(10);
        assertThat(wait.isComplete()).isFalse();
    }
}
