package io.termbus.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The environment of a session's child: the hub's, less what is the hub's own or tells of the terminal that the
 * hub was started in, plus what tells of this one. Immutable.
 */
final class ChildEnvironment {
    private static final String HUB_PREFIX = "TERMBUS_";

    /** Of a process and where it runs: true of one process only. */
    private static final Set<String> OF_THE_PROCESS = Set.of("COLUMNS", "LINES", "PWD", "OLDPWD", "SHLVL", "_");

    private static final Set<String> SERVICE_MANAGERS = Set.of(
            "NOTIFY_SOCKET",
            "WATCHDOG_PID",
            "WATCHDOG_USEC",
            "LISTEN_FDS",
            "LISTEN_PID",
            "LISTEN_PIDFDID",
            "LISTEN_FDNAMES",
            "FDSTORE",
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "SYSTEMD_EXEC_PID",
            "MAINPID",
            "MANAGERPID",
            "MANAGERPIDFDID",
            "MEMORY_PRESSURE_WATCH",
            "MEMORY_PRESSURE_WRITE",
            "RUNTIME_DIRECTORY",
            "STATE_DIRECTORY",
            "CACHE_DIRECTORY",
            "LOGS_DIRECTORY",
            "CONFIGURATION_DIRECTORY",
            "CREDENTIALS_DIRECTORY");

    /** Terminals, multiplexers and editors with terminals in them; and the login over the network. */
    private static final Set<String> TERMINALS = Set.of(
            "TERM",
            "TERMCAP",
            "TERMINFO",
            "TERM_PROGRAM",
            "TERM_PROGRAM_VERSION",
            "TERM_SESSION_ID",
            "TERM_FEATURES",
            "TERMINAL_EMULATOR",
            "TERMINAL_NAME",
            "TERMINAL_VERSION_STRING",
            "TERMINAL_VERSION_TRIPLE",
            "COLORTERM",
            "COLORFGBG",
            "XTERM_VERSION",
            "XTERM_SHELL",
            "XTERM_LOCALE",
            "WT_SESSION",
            "WT_PROFILE_ID",
            "DESKTOP_STARTUP_ID",
            "XDG_ACTIVATION_TOKEN",
            "GIO_LAUNCHED_DESKTOP_FILE",
            "GIO_LAUNCHED_DESKTOP_FILE_PID",
            "WINDOWID",
            "_JAVA_SR_SIGNUM", // what an upgrade of the hub has left
            "WINDOW",
            "GPG_TTY",
            "SSH_TTY",
            "SSH_CONNECTION",
            "SSH_CLIENT",
            "SSH_ORIGINAL_COMMAND",
            "SSH_USER_AUTH",
            "ET_VERSION",
            "MOSH_CONNECTION",
            "LC_TERMINAL",
            "LC_TERMINAL_VERSION",
            "TMUX",
            "TMUX_PANE",
            "STY",
            "DVTM",
            "DVTM_WINDOW_ID",
            "ABDUCO_SESSION",
            "ABDUCO_SOCKET",
            "DTACH_SOCKET",
            "SHPOOL_SESSION_NAME",
            "SHPOOL_SESSION_DIR",
            "ASCIINEMA_REC",
            "ASCIINEMA_SESSION",
            "VHS_RECORD",
            "MC_SID",
            "MC_CONTROL_PID",
            "INSIDE_EMACS",
            "EAT_SHELL_INTEGRATION_DIR",
            "CURSOR_TRACE_ID",
            "PYCHARM_HOSTED",
            "EMACS",
            "VIM",
            "VIMRUNTIME",
            "VIM_TERMINAL",
            "VIM_SERVERNAME",
            "MYVIMRC",
            "MYGVIMRC",
            "NVIM",
            "NVIM_LISTEN_ADDRESS",
            "VTE_VERSION",
            "MLTERM",
            "TERMINOLOGY",
            "DOMTERM",
            "GUAKE_TAB_UUID",
            "ANSICON",
            "ANSICON_DEF");

    private static final List<String> TERMINAL_PREFIXES = List.of(
            "KITTY_",
            "WEZTERM_",
            "ZELLIJ",
            "ITERM_",
            "ITERM2_",
            "VSCODE_",
            "KONSOLE_",
            "ALACRITTY_",
            "GHOSTTY_",
            "BYOBU_",
            "GNOME_TERMINAL_",
            "TILIX_",
            "TERMINATOR_",
            "CONTOUR_",
            "EXTRATERM_",
            "JEDITERM_",
            "PTYXIS_",
            "RIO_",
            "TABBY_",
            "WARP_",
            "ZED_",
            "WAVETERM_",
            "SHELL_SESSION_",
            "ConEmu");

    private final Map<String, String> inherited;
    private final List<String> kept;
    /** What every child gets. */
    private final Map<String, String> common;

    /**
     * @param inherited the hub's environment
     * @param version of the hub
     * @param kept names, or beginnings with * behind, of what would go and is left as the hub has it; not of
     *     the hub's own settings, nor of what no two processes share
     */
    ChildEnvironment(Map<String, String> inherited, String version, List<String> kept) {
        this.inherited = Map.copyOf(inherited);
        this.kept = List.copyOf(kept);
        this.common = Map.copyOf(common(version));
    }

    private Map<String, String> common(String version) {
        Map<String, String> environment = new HashMap<>(inherited);
        environment.keySet().removeIf(this::isRemoved);
        environment.putIfAbsent("TERM", "xterm-256color");
        environment.putIfAbsent("COLORTERM", "truecolor");
        if (!environment.containsKey("TERM_PROGRAM")) {
            environment.put("TERM_PROGRAM", "termbus");
            environment.put("TERM_PROGRAM_VERSION", version);
        }
        if (!inherited.containsKey("LANG") && !inherited.containsKey("LC_ALL")) {
            environment.put("LANG", "C.UTF-8");
        }
        return environment;
    }

    /** The hub's own. */
    Map<String, String> inherited() {
        return inherited;
    }

    /**
     * The directory is not in it, as PWD: it may have to be looked at first.
     *
     * @param wanted what the client asked for; wins over everything
     * @return a map of the caller's own
     */
    Map<String, String> with(Map<String, String> wanted) {
        Map<String, String> environment = new HashMap<>(common);
        environment.putAll(wanted);
        return environment;
    }

    private boolean isRemoved(String name) {
        return name.startsWith(HUB_PREFIX)
                || OF_THE_PROCESS.contains(name)
                || (isMark(name) || SERVICE_MANAGERS.contains(name)) && !isKept(name);
    }

    private static boolean isMark(String name) {
        return TERMINALS.contains(name) || TERMINAL_PREFIXES.stream().anyMatch(name::startsWith);
    }

    private boolean isKept(String name) {
        return kept.stream()
                .anyMatch(each ->
                        each.endsWith("*") ? name.startsWith(each.substring(0, each.length() - 1)) : name.equals(each));
    }
}
