package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class ChildEnvironmentTest {
    private static Map<String, String> of(Map<String, String> inherited, Map<String, String> wanted, String... kept) {
        return new ChildEnvironment(inherited, "1.2", List.of(kept)).with(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TERMBUS_AUTH_TOKEN",
                "TERMBUS_TCP_PORT",
                "NOTIFY_SOCKET",
                "LISTEN_FDS",
                "WATCHDOG_USEC",
                "CREDENTIALS_DIRECTORY",
                "RUNTIME_DIRECTORY",
                "COLUMNS",
                "LINES",
                "PWD",
                "OLDPWD",
                "SHLVL",
                "_",
            })
    void whatIsTheHubsAloneIsNotPassedOn(String name) {
        assertThat(of(Map.of(name, "secret", "HOME", "/home/me"), Map.of()))
                .doesNotContainKey(name)
                .doesNotContainValue("secret")
                .containsEntry("HOME", "/home/me");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TMUX",
                "TMUX_PANE",
                "STY",
                "WINDOW",
                "WINDOWID",
                "TERMCAP",
                "TERMINFO",
                "TERM_SESSION_ID",
                "LC_TERMINAL",
                "LC_TERMINAL_VERSION",
                "VTE_VERSION",
                "COLORFGBG",
                "KITTY_WINDOW_ID",
                "KITTY_PUBLIC_KEY",
                "WEZTERM_PANE",
                "KONSOLE_DBUS_SESSION",
                "ALACRITTY_LOG",
                "GHOSTTY_RESOURCES_DIR",
                "WT_SESSION",
                "XTERM_VERSION",
                "ITERM_PROFILE",
                "ZELLIJ",
                "ZELLIJ_SESSION_NAME",
                "BYOBU_TTY",
                "INSIDE_EMACS",
                "NVIM",
                "VIMRUNTIME",
                "VSCODE_IPC_HOOK_CLI",
                "GPG_TTY",
                "SSH_TTY",
                "SSH_CONNECTION",
                "WARP_HONOR_PS1",
                "ZED_TERM",
                "PTYXIS_PROFILE",
            })
    void marksOfTheTerminalThatTheHubWasStartedInAreNotPassedOn(String name) {
        assertThat(of(Map.of(name, "theirs"), Map.of())).doesNotContainKey(name).doesNotContainValue("theirs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DISPLAY",
                "WAYLAND_DISPLAY",
                "SSH_AUTH_SOCK",
                "EDITOR",
                "TMUX_TMPDIR",
                "WARPED",
                "TERMINFO_DIRS",
                "LESS_TERMCAP_mb",
                "WINDOWS",
                "JAVA_TOOL_OPTIONS",
                "SYSTEMD_PAGER",
            })
    void whatIsTheUsersIsPassedOn(String name) {
        assertThat(of(Map.of(name, "mine"), Map.of())).containsEntry(name, "mine");
    }

    @Test
    void theTerminalAndALocaleAreThereUnlessTheHubHasOne() {
        assertThat(of(Map.of("TERM", "dumb", "TERM_PROGRAM", "vscode", "TERM_PROGRAM_VERSION", "9"), Map.of()))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "TERM", "xterm-256color",
                        "COLORTERM", "truecolor",
                        "TERM_PROGRAM", "termbus",
                        "TERM_PROGRAM_VERSION", "1.2",
                        "LANG", "C.UTF-8"));
        assertThat(of(Map.of("LANG", "de_DE.UTF-8"), Map.of())).containsEntry("LANG", "de_DE.UTF-8");
        assertThat(of(Map.of("LC_ALL", "de_DE.UTF-8"), Map.of())).doesNotContainKey("LANG");
    }

    @Test
    void whatTheSettingNamesIsKeptButNeverTheHubsOwn() {
        Map<String, String> hub = Map.of(
                "KITTY_WINDOW_ID", "1", "TMUX", "2", "TERM_PROGRAM", "kitty", "TERMBUS_AUTH_TOKEN", "t", "PWD", "/");

        assertThat(of(hub, Map.of(), "KITTY_*", "TERM_PROGRAM", "TERMBUS_*", "PWD"))
                .containsEntry("KITTY_WINDOW_ID", "1")
                .containsEntry("TERM_PROGRAM", "kitty")
                .doesNotContainKeys("TMUX", "TERM_PROGRAM_VERSION", "TERMBUS_AUTH_TOKEN", "PWD");
    }

    @Test
    void whatTheClientAsksForWins() {
        assertThat(of(Map.of("A", "hub"), Map.of("A", "client", "TERM", "vt100", "TMUX", "x")))
                .containsEntry("A", "client")
                .containsEntry("TMUX", "x")
                .containsEntry("TERM", "vt100");
    }

    @Test
    void whatOneChildGetsNoOtherDoes() {
        ChildEnvironment environment = new ChildEnvironment(Map.of("A", "hub"), "1.2", List.of());
        environment.with(Map.of("A", "first", "B", "first")).put("C", "first");

        assertThat(environment.with(Map.of())).containsEntry("A", "hub").doesNotContainKeys("B", "C");
    }
}
