package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.Headers;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shells as they are installed, with the files of their users. */
@Timeout(60)
class ShellIntegrationTest {
    private static final Pattern NONCE = Pattern.compile("\u001b]133;A;([^;\u0007]{22})\u0007");

    @TempDir
    private Path directory;

    private Path home;
    private BusHub hub;

    @BeforeEach
    void start() throws IOException {
        home = Files.createDirectory(directory.resolve("home"));
        Files.createDirectories(home.resolve(".local/share/fish/generated_completions")); // else fish goes to make some
        hub = new BusHub(
                BusHub.sessions(64, Duration.ofSeconds(60)), BusHub.flow(), Optional.of(directory.resolve("shell")));
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private static void needs(Shell shell) {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(each -> Files.isExecutable(Path.of(each, shell.program())));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).as("there is no " + shell.program()).isTrue();
        }
        assumeTrue(there, "there is no " + shell.program());
    }

    private String session(Shell shell, String... variables) {
        needs(shell);
        JsonObject environment = new JsonObject().put("HOME", home.toString());
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return hub.create(new JsonObject()
                        .put("command", new JsonArray().add(shell.program()))
                        .put("shellIntegration", "auto")
                        .put("cwd", home.toString())
                        .put("env", environment))
                .getString("id");
    }

    private Future<JsonObject> ask(String session, String action, JsonObject body) {
        return hub.ask(Addresses.session(session), action, body);
    }

    private JsonObject call(String session, String action, JsonObject body) {
        return BusHub.await(ask(session, action, body));
    }

    private JsonObject run(String session, String command) {
        return call(session, "run", new JsonObject().put("command", command));
    }

    private String text(String session, String command) {
        JsonObject ran = run(session, command);
        assertThat(ran.getInteger("exitCode")).as(ran.encode()).isZero();
        return ran.getString("text");
    }

    private static int refused(Future<JsonObject> asked) {
        BusHub.until(asked::isComplete);
        assertThat(asked.failed()).isTrue();
        return ((ReplyException) asked.cause()).failureCode();
    }

    private List<JsonObject> commands(String session) {
        return call(session, "commands", new JsonObject()).getJsonArray("commands").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static JsonObject any(String kind, Object value) {
        return new JsonObject().put("any", new JsonArray().add(new JsonObject().put(kind, value)));
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void aCommandIsRunAndItsOutputAndStatusAreTold(Shell shell) {
        String session = session(shell);
        JsonObject first = run(session, "echo one; false");
        assertThat(first.getString("text")).isEqualTo("one\n");
        assertThat(first.getInteger("exitCode")).isEqualTo(1);
        assertThat(first.getLong("id")).isEqualTo(1);
        assertThat(first.getBoolean("truncated")).isFalse();
        assertThat(run(session, "sh -c 'exit 37'").getInteger("exitCode")).isEqualTo(37);
        assertThat(text(session, "printf abc")).isEqualTo("abc");
        assertThat(text(session, "true")).isEmpty();
        assertThat(run(session, "cd /usr").getString("cwd")).isEqualTo("/usr");
        assertThat(text(session, "pwd")).isEqualTo("/usr\n");
        assertThat(text(session, "echo 'a b' \"\\\\ü;x\"")).isEqualTo("a b \\ü;x\n");

        List<JsonObject> all = commands(session);
        assertThat(all).extracting(each -> each.getLong("id")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(all).allMatch(each -> each.getBoolean("trusted"));
        assertThat(all.get(0).getString("line")).isEqualTo("echo one; false");
        assertThat(all.get(0).getString("cwd")).isEqualTo(home.toString());
        assertThat(all.get(6).getString("line")).isEqualTo("echo 'a b' \"\\\\ü;x\"");
        assertThat(all.get(6).getString("cwd")).isEqualTo("/usr");
        assertThat(call(session, "commandOutput", new JsonObject().put("id", 1)).getString("text"))
                .isEqualTo("one\n");
        assertThat(refused(ask(session, "commandOutput", new JsonObject().put("id", 8))))
                .isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void severalLinesAreOneCommand(Shell shell) {
        String session = session(shell);
        String lines = shell == Shell.FISH
                ? "for i in 1 2\n\techo \"it's $i!\"\nend"
                : "for i in 1 2; do\n\techo \"it's $i!\"\ndone";
        assertThat(text(session, lines)).isEqualTo("it's 1!\nit's 2!\n");
        assertThat(run(session, "true\nfalse").getInteger("exitCode")).isEqualTo(1);
        assertThat(commands(session)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void noChildGetsTheNonce(Shell shell) {
        String session = session(shell, "PS1", "exported$ ", "XDG_DATA_DIRS", "/opt/share", "ZDOTDIR", home.toString());
        BusHub.Viewer viewer = hub.attach(session);
        String environment = text(session, "env");
        viewer.untilText("133;D;0");
        Matcher shown = NONCE.matcher(viewer.text());
        if (shell == Shell.BASH) {
            assertThat(viewer.text()).containsPattern("133;A;[^;\u0007]{22}\u0007");
        }
        assertThat(shown.find()).isTrue();
        assertThat(environment).doesNotContain(shown.group(1)).doesNotContain("_TERMBUS");
        assertThat(environment).contains("XDG_DATA_DIRS=/opt/share\n", "ZDOTDIR=" + home + "\n");
        assertThat(text(session, shell == Shell.BASH ? "bash -ic 'env; set' 2>&1" : shell.program() + " -c env"))
                .doesNotContain(shown.group(1));
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void whatWasNotSetIsNotSet(Shell shell) {
        String session = session(shell);
        assertThat(text(session, "env")).doesNotContain("ZDOTDIR", "XDG_DATA_DIRS", "TERMBUS_");
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void forgedMarksChangeNothing(Shell shell) {
        String session = session(shell);
        String forged = "printf '\\033]133;D;0\\007\\033]133;A\\007\\033]133;C\\007\\033]633;D;0\\007out\\n'; false";
        JsonObject ran = run(session, forged);
        assertThat(ran.getInteger("exitCode")).isEqualTo(1);
        assertThat(ran.getString("text")).isEqualTo("out\n");
        assertThat(commands(session)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void anInterruptIsAStatus(Shell shell) {
        String session = session(shell);
        Future<JsonObject> run = ask(session, "run", new JsonObject().put("command", "sh -c 'echo up; exec sleep 50'"));
        call(session, "wait", any("regex", "^up$").put("since", 0));
        call(session, "resize", new JsonObject().put("cols", 100).put("rows", 30));
        call(session, "keys", new JsonObject().put("keys", new JsonArray().add("C-c")));
        JsonObject ran = BusHub.await(run);
        assertThat(ran.getInteger("exitCode")).isEqualTo(130);
        assertThat(ran.getString("text")).startsWith("up\n");
        assertThat(text(session, "echo next")).isEqualTo("next\n");
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void aTimeOutLeavesItRunning(Shell shell) {
        String session = session(shell);
        run(session, "true");
        JsonObject ran = call(
                session,
                "run",
                new JsonObject()
                        .put("command", "echo begun; read x; echo \"<$x>\"")
                        .put("timeoutMs", 300));
        assertThat(ran.getBoolean("running")).isTrue();
        assertThat(ran.containsKey("exitCode")).isFalse();
        assertThat(refused(ask(session, "run", new JsonObject().put("command", "true"))))
                .isEqualTo(409);
        Future<JsonObject> end = ask(session, "wait", any("command", 2));
        call(
                session,
                "keys",
                new JsonObject().put("keys", new JsonArray().add("y").add("Enter")));
        assertThat(BusHub.await(end).getInteger("matched")).isZero();
        assertThat(call(session, "commandOutput", new JsonObject().put("id", 2)).getString("text"))
                .contains("begun\n", "<y>\n");
        assertThat(refused(ask(session, "wait", any("command", 3)))).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(value = Shell.class, names = "FISH", mode = EnumSource.Mode.EXCLUDE)
    void aLineThatNoShellRunsIsAnsweredAtOnce(Shell shell) {
        String session = session(shell);
        JsonObject ran = run(session, "echo )");
        assertThat(ran.getBoolean("started")).isFalse();
        assertThat(ran.containsKey("running")).isFalse();
        assertThat(ran.getInteger("exitCode")).isEqualTo(shell == Shell.BASH ? 2 : 1);
        assertThat(text(session, "echo next")).isEqualTo("next\n");
        assertThat(commands(session)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void aShellThatTakesItsPlaceTellsOfNothing(Shell shell) {
        String session = session(shell);
        JsonObject ran = call(
                session, "run", new JsonObject().put("command", "exec sh -i").put("timeoutMs", 200));
        assertThat(ran.getBoolean("running")).isTrue();
        call(session, "input", new JsonObject().put("data", "echo st''arted\r"));
        call(session, "wait", any("regex", "^started$").put("since", 0));
        assertThat(refused(ask(session, "run", new JsonObject().put("command", "true"))))
                .isEqualTo(409);
        assertThat(commands(session)).hasSize(1);
    }

    @Test
    void fishKeepsALineThatItDoesNotRun() {
        String session = session(Shell.FISH);
        JsonObject ran =
                call(session, "run", new JsonObject().put("command", "echo )").put("timeoutMs", 500));
        assertThat(ran.getBoolean("started")).isFalse();
        call(session, "keys", new JsonObject().put("keys", new JsonArray().add("C-c")));
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void whatIsBegunWhileACommandRunsIsNotGluedToTheNext(Shell shell) {
        String session = session(shell);
        Future<JsonObject> first = ask(
                session,
                "run",
                new JsonObject().put("command", "sh -c 'echo up; while [ ! -e go ]; do sleep 0.02; done'"));
        call(session, "wait", any("regex", "^up$").put("since", 0));
        call(session, "input", new JsonObject().put("data", "abc"));
        hub.sh("touch " + home.resolve("go"));
        assertThat(BusHub.await(first).getInteger("exitCode")).isZero();
        assertThat(refused(ask(session, "run", new JsonObject().put("command", "echo X"))))
                .isEqualTo(409);
        assertThat(commands(session)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void aPromptIsWaitedFor(Shell shell) {
        String session = session(shell);
        assertThat(call(session, "wait", any("prompt", true)).getInteger("matched"))
                .isZero();
        long since = call(
                        session,
                        "keys",
                        new JsonObject()
                                .put(
                                        "keys",
                                        new JsonArray().add(new JsonObject().put("text", "sh -c 'echo d''one'\r"))))
                .getLong("offset");
        JsonObject waited = call(session, "wait", any("prompt", true).put("since", since));
        assertThat(waited.getInteger("matched")).isZero();
        assertThat(commands(session)).hasSize(1);
        assertThat(call(session, "commandOutput", new JsonObject().put("id", 1)).getString("text"))
                .isEqualTo("done\n");
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void aShellThatDiesEndsWhatItRan(Shell shell) {
        String session = session(shell);
        JsonObject ran = run(session, shell == Shell.FISH ? "echo last; kill -9 $fish_pid" : "echo last; kill -9 $$");
        assertThat(ran.getString("text")).startsWith("last\n");
        assertThat(ran.containsKey("exitCode") || ran.containsKey("running")).isFalse();
        assertThat(refused(ask(session, "run", new JsonObject().put("command", "true"))))
                .isEqualTo(410);
        String killed = session(shell);
        Future<JsonObject> run = ask(killed, "run", new JsonObject().put("command", "echo up; sleep 50"));
        call(killed, "wait", any("regex", "^up$").put("since", 0));
        call(killed, "kill", new JsonObject());
        assertThat(BusHub.await(run).getString("text")).startsWith("up\n");
    }

    @Test
    void initialCommandsComeFirst() {
        needs(Shell.BASH);
        String session = hub.create(new JsonObject()
                        .put("command", new JsonArray().add("bash"))
                        .put("shellIntegration", "auto")
                        .put("env", new JsonObject().put("HOME", home.toString()))
                        .put("initialCommands", new JsonArray().add("false").add("x=3")))
                .getString("id");
        assertThat(text(session, "echo $x")).isEqualTo("3\n");
        assertThat(commands(session))
                .extracting(each -> each.getString("line"))
                .containsExactly("false", "x=3", "echo $x");
    }

    @Test
    void bashKeepsItsUsersPromptCommandAndPrompts() throws IOException {
        Files.writeString(home.resolve(".bashrc"), """
                set_prompt() { local s=$?; PS1="[$s]> "; return 9; }
                PROMPT_COMMAND='set_prompt; echo "pc:$?"'
                PS0='begin\\n'
                trap 'debugged=1' DEBUG
                HISTCONTROL=ignorespace
                alias hi='echo hello'
                """);
        String session = session(Shell.BASH);
        BusHub.Viewer viewer = hub.attach(session);
        assertThat(run(session, "(exit 4)").getInteger("exitCode")).isEqualTo(4);
        viewer.untilText("[4]> ");
        assertThat(viewer.text()).contains("pc:9", "begin");
        assertThat(text(session, "echo $?")).isEqualTo("4\n");
        assertThat(text(session, "hi $debugged")).isEqualTo("hello 1\n");
        assertThat(text(session, "echo dup")).isEqualTo("dup\n");
        assertThat(text(session, "echo dup")).isEqualTo("dup\n");
        run(session, "PROMPT_COMMAND[0]='echo other'; set -u");
        assertThat(run(session, "(exit 5)").getInteger("exitCode"))
                .as("with the first hook gone")
                .isEqualTo(5);
        assertThat(run(session, "(exit 6)").getInteger("exitCode")).isEqualTo(6);
        assertThat(commands(session).get(0).getString("line")).isEqualTo("(exit 4)");
    }

    @Test
    void aPromptOf100kBIsAPrompt() throws IOException {
        Files.writeString(
                home.resolve(".zshrc"), "PS1=${(l:100000::x:)}\n"); // bash 5.2 alone shows none of that length
        String session = session(Shell.ZSH);
        assertThat(text(session, "echo one")).isEqualTo("one\n");
        assertThat(text(session, "echo two")).isEqualTo("two\n");
    }

    @Test
    void zshKeepsItsUsersFilesAndHooks() throws IOException {
        Path dot = Files.createDirectory(home.resolve("dot"));
        Files.writeString(dot.resolve(".zshenv"), "export FROM_ENV=1\n");
        Files.writeString(dot.resolve(".zshrc"), """
                setopt nounset prompt_subst
                precmd() { psvar=($?) }
                precmd_functions+=(mine_too)
                mine_too() { print pc:$? }
                preexec_functions=(mine)
                mine() { print "run:$1" }
                PS1='[%1v]> '
                """);
        String session = session(Shell.ZSH, "ZDOTDIR", dot.toString());
        BusHub.Viewer viewer = hub.attach(session);
        assertThat(run(session, "(exit 4)").getInteger("exitCode")).isEqualTo(4);
        viewer.untilText("[4]> ");
        assertThat(viewer.text()).contains("pc:4", "run:(exit 4)");
        assertThat(text(session, "echo $? $FROM_ENV ${ZDOTDIR:t}")).isEqualTo("4 1 dot\n");
        assertThat(text(session, "printf '100%%'")).isEqualTo("100%");
    }

    @Test
    void fishKeepsItsUsersConfiguration() throws IOException {
        Path config = Files.createDirectories(home.resolve(".config/fish"));
        Files.writeString(config.resolve("config.fish"), """
                function fish_prompt
                    echo -n "[$status]> "
                end
                abbr -a gs 'echo abbreviated'
                """);
        String session = session(Shell.FISH);
        BusHub.Viewer viewer = hub.attach(session);
        assertThat(run(session, "sh -c 'exit 4'").getInteger("exitCode")).isEqualTo(4);
        viewer.untilText("[4]> ");
        assertThat(text(session, "gs")).isEqualTo("abbreviated\n");
    }

    private long key(String session, Object key) {
        return call(session, "keys", new JsonObject().put("keys", new JsonArray().add(key)))
                .getLong("offset");
    }

    /** Types text, waits until the line editor shows it, and types a key; returns when a prompt came behind that. */
    private void typed(String session, String text, String key) {
        // a run is answered before the next prompt is there
        call(session, "wait", any("prompt", true));
        if (!text.isEmpty()) {
            long since = key(session, new JsonObject().put("text", text));
            call(session, "wait", any("text", text).put("since", since));
        }
        long since = key(session, key);
        call(session, "wait", any("prompt", true).put("since", since));
    }

    /** Fish may pass over a key that comes while it shows its prompt. */
    private boolean entered(String session) {
        call(session, "wait", any("prompt", true));
        long since = key(session, "Enter");
        JsonObject prompt = any("prompt", true).put("since", since).put("timeoutMs", 2000);
        return call(session, "wait", prompt).getInteger("matched") != null;
    }

    @Test
    void fishTellsOfLinesThatComeToNothing() {
        String session = session(Shell.FISH);
        run(session, "true");
        typed(session, "abc", "C-c");
        assertThat(text(session, "echo after an interrupt")).isEqualTo("after an interrupt\n");
        Awaitility.await().until(() -> entered(session));
        assertThat(text(session, "echo after nothing")).isEqualTo("after nothing\n");
        call(session, "wait", any("prompt", true));
        call(session, "input", new JsonObject().put("data", "echo )\r"));
        call(session, "wait", any("text", "Unexpected ')'").put("since", 0));
        assertThat(refused(ask(
                        session, "run", new JsonObject().put("command", "true").put("timeoutMs", 50))))
                .as("the line is still there")
                .isEqualTo(409);
        typed(session, "", "C-c");
        assertThat(text(session, "echo after an error")).isEqualTo("after an error\n");
        assertThat(commands(session)).hasSize(4);
    }

    @Test
    void aFileOfTheFishUsersMasksNoneOfTheHubs() throws IOException {
        Path config = Files.createDirectories(home.resolve(".config/fish"));
        Files.writeString(Files.createDirectory(config.resolve("conf.d")).resolve("termbus.fish"), "set -g mine 1\n");
        Files.writeString(config.resolve("config.fish"), "env > ~/seen\n");
        String session = session(Shell.FISH);
        assertThat(text(session, "echo $mine; cat ~/seen | grep -c TERMBUS_; true"))
                .isEqualTo("1\n0\n");
    }

    @Test
    void bashFilesMayBeReadAgain() throws IOException {
        Files.writeString(home.resolve(".bashrc"), "PROMPT_COMMAND=\"history -a; $PROMPT_COMMAND\"\n");
        String session = session(Shell.BASH);
        for (int i = 3; i < 6; i++) {
            assertThat(run(session, ". ~/.bashrc; (exit 7)").getInteger("exitCode"))
                    .isEqualTo(7);
            assertThat(run(session, "(exit " + i + ")").getInteger("exitCode")).isEqualTo(i);
        }
        assertThat(text(session, "declare -p PROMPT_COMMAND | grep -o 'history -a' | wc -l"))
                .isEqualTo("1\n");
        assertThat(run(session, "PROMPT_COMMAND='echo set anew'; (exit 8)").getInteger("exitCode"))
                .isEqualTo(8);
        assertThat(run(session, "(exit 9)").getInteger("exitCode")).isEqualTo(9);
    }

    @Test
    void bashWithErrexitLivesWhereItWouldWithout() {
        String session = session(Shell.BASH);
        run(session, "set -eu");
        assertThat(run(session, "false && true").getInteger("exitCode")).isEqualTo(1);
        assertThat(text(session, "echo $? alive")).isEqualTo("1 alive\n");
        assertThat(run(session, "true | false | true && false && true").getInteger("exitCode"))
                .isEqualTo(1);
        assertThat(text(session, "set +e; false | true; echo ${PIPESTATUS[@]}")).isEqualTo("1 0\n");
        run(session, "false | true");
        assertThat(text(session, "echo ${PIPESTATUS[@]}")).isEqualTo("1 0\n");
    }

    @Test
    void bashThatExportsAllKeepsTheNonce() {
        String session = session(Shell.BASH, "SHELLOPTS", "allexport");
        BusHub.Viewer viewer = hub.attach(session);
        String environment = text(session, "env");
        viewer.untilText("133;D;0");
        Matcher shown = NONCE.matcher(viewer.text());
        assertThat(shown.find()).isTrue();
        assertThat(environment).doesNotContain(shown.group(1));
    }

    @Test
    void bashThatReadsNoFileOfTheHubsGetsNoNonce() {
        String session = session(Shell.BASH, "POSIXLY_CORRECT", "1");
        call(session, "input", new JsonObject().put("data", "env | grep -c TERMBUS''_\r"));
        assertThat(call(session, "wait", any("regex", "^0$").put("since", 0)).getInteger("matched"))
                .isZero();
    }

    @Test
    void zshMayHaveOptionsThatChangeItsLanguage() throws IOException {
        Files.createDirectory(home.resolve("a b"));
        Files.writeString(home.resolve(".zshrc"), """
                setopt nounset ksharrays shwordsplit errreturn
                foo() { print foo:$? }
                bar() { print bar:$? }
                precmd_functions+=(foo bar)
                """);
        String session = session(Shell.ZSH);
        BusHub.Viewer viewer = hub.attach(session);
        assertThat(run(session, "cd 'a b' && (exit 4)").getInteger("exitCode")).isEqualTo(4);
        assertThat(text(session, "echo a b")).isEqualTo("a b\n");
        assertThat(viewer.text()).containsSubsequence("foo:4", "bar:4");
        JsonObject last = commands(session).get(1);
        assertThat(last.getString("line")).isEqualTo("echo a b");
        assertThat(last.getString("cwd")).isEqualTo(home.resolve("a b").toString());
    }

    @Test
    void aTrapForDebugOfBashComesLastAtTheUsersOwnHook() throws IOException {
        Files.writeString(home.resolve(".bashrc"), """
                trap 'printf "<%s>" "$BASH_COMMAND"' DEBUG
                PROMPT_COMMAND='printf IDLE'
                """);
        String session = session(Shell.BASH);
        BusHub.Viewer viewer = hub.attach(session);
        assertThat(run(session, "(exit 4)").getInteger("exitCode")).isEqualTo(4);
        assertThat(run(session, "(exit 5)").getInteger("exitCode")).isEqualTo(5);
        String text = viewer.text();
        assertThat(text.substring(text.indexOf("(exit 4)")))
                .contains("<printf IDLE>IDLE")
                .doesNotContain("<__termbus_prompt");
        run(session, "PS1='new> '");
        assertThat(run(session, "(exit 6)").getInteger("exitCode")).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"readonly PROMPT_COMMAND=:", "set -u; readonly PS1='mine '", "shopt -u promptvars"})
    void bashThatCannotBeToldStaysAsItIs(String line) throws IOException {
        Files.writeString(home.resolve(".bashrc"), line + "\n");
        String session = session(Shell.BASH);
        BusHub.Viewer viewer = hub.attach(session);
        call(session, "input", new JsonObject().put("data", "echo st''arted\r"));
        call(session, "wait", any("text", "started").put("since", 0));
        assertThat(viewer.text()).doesNotContain("133;", "readonly", "termbus");
    }

    @Test
    void bashMayHaveALockedTimeFormat() throws IOException {
        Files.writeString(home.resolve(".bashrc"), "readonly HISTTIMEFORMAT='%F '\n");
        String session = session(Shell.BASH);
        BusHub.Viewer viewer = hub.attach(session);
        run(session, "true");
        typed(session, "(exit 4)", "Enter");
        assertThat(viewer.text()).doesNotContain("readonly");
        JsonObject last = commands(session).get(1);
        assertThat(last.getInteger("exitCode")).isEqualTo(4);
        assertThat(last.containsKey("line")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"BASH", "ZSH"})
    void outputThatGoesElsewhereHasNoMarks(Shell shell) {
        String session = session(shell);
        run(session, "exec >log");
        assertThat(run(session, "(exit 4)").getInteger("exitCode")).isEqualTo(4);
        run(session, "exec >/dev/tty");
        assertThat(text(session, "ls log; cat log")).isEqualTo("log\n");
        assertThat(commands(session)).hasSize(4).allMatch(each -> each.containsKey("line"));
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void whatTheHistoryIsNotToHaveIsNotTold(Shell shell) throws IOException {
        Files.writeString(home.resolve(".bashrc"), "HISTCONTROL=ignorespace\n");
        Files.writeString(home.resolve(".zshrc"), "setopt histignorespace\n");
        String session = session(shell);
        run(session, "true");
        typed(session, " echo hidden", "Enter");
        typed(session, "echo shown", "Enter");
        assertThat(commands(session))
                .extracting(each -> each.getString("line"))
                .containsExactly("true", null, "echo shown");
    }

    @Test
    void bashMayHaveAliasesForItsOwnCommands() throws IOException {
        Files.writeString(home.resolve(".bashrc"), """
                for each in local builtin return printf set shopt declare export unset continue history; do
                    alias $each='echo alias'
                done
                """);
        String session = session(Shell.BASH);
        BusHub.Viewer viewer = hub.attach(session);
        assertThat(run(session, "(exit 4)").getInteger("exitCode")).isEqualTo(4);
        assertThat(text(session, "echo $?")).isEqualTo("4\n");
        assertThat(viewer.text()).doesNotContain("alias");
    }

    @Test
    void othersAreStartedAsTheyAre() {
        needs(Shell.BASH);
        for (JsonObject body : List.of(
                new JsonObject().put("command", new JsonArray().add("bash")),
                new JsonObject().put("command", new JsonArray().add("bash")).put("shellIntegration", "off"),
                new JsonObject()
                        .put("command", new JsonArray().add("bash").add("--norc"))
                        .put("shellIntegration", "auto"),
                new JsonObject().put("command", new JsonArray().add("sh")).put("shellIntegration", "auto"))) {
            String session = hub.create(body.put("env", new JsonObject().put("HOME", home.toString())))
                    .getString("id");
            assertThat(refused(ask(session, "run", new JsonObject().put("command", "true"))))
                    .isEqualTo(409);
            call(session, "input", new JsonObject().put("data", "env | grep -c TERMBUS''_\r"));
            assertThat(call(session, "wait", any("regex", "^0$").put("since", 0))
                            .getInteger("matched"))
                    .isZero();
        }
    }

    @Test
    void whoeverDrivesKeepsOthersFromRunning() {
        String session = session(Shell.BASH);
        run(session, "true");
        call(session, "lease", new JsonObject());
        assertThat(text(session, "echo mine")).isEqualTo("mine\n");
        Future<JsonObject> other = hub.vertx
                .eventBus()
                .<JsonObject>request(
                        Addresses.session(session),
                        new JsonObject().put("command", "echo theirs"),
                        new DeliveryOptions().addHeader(Headers.ACTION, "run").addHeader(Headers.CONNECTION, "another"))
                .map(Message::body);
        assertThat(refused(other)).isEqualTo(423);
        assertThat(commands(session)).hasSize(2);
    }

    @Test
    void operatorsAreToldAndANodeThatDrainsGoesOn() {
        String session = session(Shell.BASH);
        List<JsonObject> events = new CopyOnWriteArrayList<>();
        hub.vertx.eventBus().<JsonObject>localConsumer(Addresses.EVENTS, message -> events.add(message.body()));
        hub.call(Addresses.HUB, "drain", new JsonObject());
        assertThat(text(session, "echo on")).isEqualTo("on\n");
        BusHub.until(() -> events.size() >= 2);
        assertThat(events)
                .extracting(each -> each.getString("event"))
                .containsExactly("command.started", "command.finished");
        assertThat(events.get(1).getString("session")).isEqualTo(session);
        assertThat(events.get(1).getJsonObject("command"))
                .isEqualTo(commands(session).get(0));
    }

    @Test
    void whoWatchesIsToldOfCommandsBehindTheirOutput() {
        String session = session(Shell.BASH);
        run(session, "true");
        BusHub.Viewer viewer = hub.attach(session);
        viewer.untilText("true");
        run(session, "(echo said; exit 3)");
        BusHub.until(() -> viewer.notices(Delivery.Kind.COMMAND).size() == 2);

        JsonObject command = commands(session).get(1);
        assertThat(viewer.notices(Delivery.Kind.COMMAND))
                .extracting(each -> each.getString("event"))
                .containsExactly("command.started", "command.finished");
        assertThat(viewer.notices(Delivery.Kind.COMMAND).get(1).getJsonObject("command"))
                .isEqualTo(command);
        assertThat(command.getInteger("exitCode")).isEqualTo(3);
        List<Delivery> all = viewer.deliveries();
        long got = all.stream()
                .takeWhile(each -> each.kind() != Delivery.Kind.COMMAND)
                .filter(Delivery.Counted.class::isInstance)
                .mapToLong(each -> ((Delivery.Counted) each).offset())
                .max()
                .orElseThrow();
        assertThat(got).isGreaterThanOrEqualTo(command.getLong("outputFrom"));
    }

    @Test
    void whoWatchesIsToldOfSoManyCommandsInASecond() {
        String session = hub.sh("read x; i=0; while [ $i -lt 3000 ]; do printf '\\033]133;A\\007\\033]133;C\\007';"
                + " i=$((i+1)); done; echo all; cat");
        BusHub.Viewer viewer = hub.attach(session);
        long began = System.nanoTime();
        call(session, "input", new JsonObject().put("data", "\r"));
        viewer.untilText("all\r\n");
        BusHub.until(() -> call(session, "commands", new JsonObject().put("limit", 1)).getJsonArray("commands").stream()
                .anyMatch(each -> ((JsonObject) each).getLong("id") == 3000));

        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) + 1;
        assertThat(viewer.notices(Delivery.Kind.COMMAND).size())
                .isBetween(2, (int) (2 * ShellCommands.MAX_NEWS_PER_SECOND * (1 + seconds)));
    }

    @Test
    void whoWatchesIsToldWhoDrives() {
        String session = hub.sh("cat");
        BusHub.Viewer viewer = hub.attach(session);
        assertThat(viewer.attached.getJsonObject("session").containsKey("lease"))
                .isFalse();

        call(session, "lease", new JsonObject().put("note", "builds").put("ttlMs", 60_000));
        call(session, "lease", new JsonObject().put("ttlMs", 60_000));
        call(session, "release", new JsonObject());

        BusHub.until(() -> viewer.notices(Delivery.Kind.LEASE).stream().anyMatch(each -> each.containsKey("reason")));
        List<JsonObject> told = viewer.notices(Delivery.Kind.LEASE);
        assertThat(told.get(0).getJsonObject("lease").getString("note")).isEqualTo("builds");
        JsonObject last = told.get(told.size() - 1);
        assertThat(last.getString("reason")).isEqualTo("released");
        assertThat(last.getJsonObject("was").getString("note")).isEqualTo("builds");
        assertThat(last.containsKey("lease")).isFalse();
    }

    @Test
    void whoComesLateIsToldWhoDrivesAndOfAThousandChangesOnlyTheLast() {
        String session = hub.sh("cat");
        BusHub.Viewer early = hub.attach(session);
        long began = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            call(session, "lease", new JsonObject().put("note", "number " + i));
        }
        BusHub.Viewer late = hub.attach(session);

        assertThat(late.attached.getJsonObject("session").getJsonObject("lease").getString("note"))
                .isEqualTo("number 999");
        BusHub.until(() -> early.notices(Delivery.Kind.LEASE).stream()
                .anyMatch(each -> each.getJsonObject("lease").getString("note").equals("number 999")));
        long rests = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) / Pace.REST_MS;
        assertThat(early.notices(Delivery.Kind.LEASE)).hasSizeLessThanOrEqualTo((int) rests + 1);
    }

    @Test
    void aThousandCommandsAreKeptAndTheOldestGo() {
        String session = session(Shell.BASH);
        call(
                session,
                "input",
                new JsonObject().put("data", "PS1=; for i in {1..1100}; do printf '\\e]133;C\\a'; done\r"));
        String forger = hub.sh(
                "i=0; while [ $i -lt 1100 ]; do printf '\\033]133;A\\007\\033]133;C\\007'; i=$((i+1)); done; cat");
        BusHub.until(() -> call(forger, "commands", new JsonObject().put("limit", 1)).getJsonArray("commands").stream()
                .anyMatch(each -> ((JsonObject) each).getLong("id") == 1100));
        assertThat(call(forger, "commands", new JsonObject().put("before", 102)).getJsonArray("commands"))
                .hasSize(1);
        assertThat(refused(ask(forger, "commandOutput", new JsonObject().put("id", 100))))
                .isEqualTo(404);
        assertThat(refused(ask(forger, "run", new JsonObject().put("command", "true"))))
                .isEqualTo(409);
        assertThat(commands(session)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aFileThatCannotBeWrittenCostsTheIntegrationAlone() throws IOException {
        Files.writeString(directory.resolve("shell"), "in the way");
        String session = session(Shell.BASH);
        call(session, "input", new JsonObject().put("data", "echo st''arted\r"));
        assertThat(call(session, "wait", any("text", "started").put("since", 0)).getInteger("matched"))
                .isZero();
        assertThat(refused(ask(
                        session, "run", new JsonObject().put("command", "true").put("timeoutMs", 50))))
                .isEqualTo(409);
    }
}
