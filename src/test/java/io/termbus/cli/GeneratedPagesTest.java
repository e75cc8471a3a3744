package io.termbus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.app.ServeCommand;
import io.termbus.cli.process.CommandContext;
import io.termbus.config.ConfigLoader;
import io.termbus.support.Programs;
import io.termbus.support.ToolRun;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manual page and the completions have every command and every option there is, in the form that their readers take. */
@Timeout(60)
class GeneratedPagesTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Cli cli = new Cli(
            new CommandContext(
                    Map.of("HOME", "/nonexistent"),
                    Path.of(""),
                    new ByteArrayInputStream(new byte[0]),
                    out,
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)),
            () -> new ServeCommand(ConfigLoader.ofProcess()).commandLine());

    private String printed(String... command) {
        assertThat(cli.run(command)).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Names of commands, and of their long options. */
    private List<String> names() {
        List<String> names = new ArrayList<>();
        cli.all().getSubcommands().forEach((name, command) -> {
            names.add(name);
            Completions.shown(command.getCommandSpec()).forEach(option -> names.add(option.longestName()));
        });
        return names;
    }

    /** @return what a program has to say, with its errors */
    private String saidBy(String... command) {
        ToolRun run = ToolRun.of(directory, Map.of(), Duration.ofSeconds(20), List.of(command));
        assertThat(run.exit()).as(run.output()).isZero();
        return run.output();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void aCompletionHasAllThereIs(String shell) {
        String script = printed("completion", shell);

        assertThat(names())
                .allSatisfy(name -> assertThat(script)
                        .contains(shell.equals("fish") && name.startsWith("--") ? "-l " + name.substring(2) : name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"completion bash", "completion zsh", "completion fish", "help --man"})
    void optionsThatAreHiddenAreInNone(String command) {
        assertThat(printed(command.split(" ")).replace("\\-", "-"))
                .doesNotContain("check-resume")
                .doesNotContain("resume-fd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void aCompletionIsAScriptOfItsShell(String shell) throws Exception {
        Programs.require(shell);
        Path script = Files.writeString(directory.resolve("script"), printed("completion", shell));

        assertThat(saidBy(shell, "-n", script.toString())).isEmpty();
    }

    @Test
    void fishCompletesCommandsAndTheirOwnOptions() throws Exception {
        Programs.require("fish");
        Path script = Files.writeString(directory.resolve("script"), printed("completion", "fish"));

        assertThat(saidBy("fish", "-N", "-c", "source " + script + "; complete -C 'termbus sh'")
                        .lines())
                .anyMatch(line -> line.startsWith("share\t"))
                .noneMatch(line -> line.startsWith("ls\t"));
        assertThat(saidBy("fish", "-N", "-c", "source " + script + "; complete -C 'termbus attach --det'")
                        .lines())
                .anyMatch(line -> line.startsWith("--detach-key"));
        assertThat(saidBy("fish", "-N", "-c", "source " + script + "; complete -C 'termbus ls --det'"))
                .doesNotContain("--detach-key");
    }

    /** As the package has it: compinit finds it by its name. */
    @Test
    void zshCompletesCommandsAndTheirOwnOptions() throws Exception {
        Programs.require("zsh");
        Files.writeString(directory.resolve("_termbus"), printed("completion", "zsh"));
        Path shell = Files.writeString(directory.resolve("shell"), """
                zmodload zsh/zpty
                zpty z zsh -f -i
                zpty -w z "PS1=; fpath=($1 \\$fpath); autoload -U compinit; compinit -u -d $1/dump; bindkey '^I' complete-word"
                zpty -w z 'zstyle ":completion:*" list-colors no=; LISTMAX=999; print re''ady'
                zpty -r -m z REPLY '*ready*'
                zpty -w -n z $'termbus attach --detach-k\\t'
                zpty -r -m z REPLY '*detach-key*=*' && print option
                zpty -w -n z $'\\C-utermbus rev\\t'
                zpty -r -m z REPLY '*revoke*' && print command
                zpty -d z
                """);

        assertThat(saidBy("zsh", "-f", shell.toString(), directory.toString()))
                .contains("option\n")
                .contains("command\n");
    }

    @Test
    void theManualPageHasAllThereIs() {
        String page = printed("help", "--man").replace("\\-", "-");

        assertThat(names()).allSatisfy(name -> assertThat(page).contains(name));
    }

    @Test
    void theManualPageIsOneThatManReads() throws Exception {
        Programs.require("groff");
        Path page = Files.writeString(directory.resolve("termbus.1"), printed("help", "--man"));

        assertThat(saidBy("groff", "-man", "-Tutf8", "-ww", "-z", page.toString()))
                .isEmpty();
        assertThat(saidBy("groff", "-man", "-Tascii", "-P-c", "-P-b", "-P-u", page.toString()))
                .contains("--detach-key")
                .contains("termbus - a terminal hub and its clients");
    }
}
