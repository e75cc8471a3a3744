package io.termbus.session;

import java.util.Locale;

/** The shells that tell of their commands, when they are started so that they do (see {@link ShellIntegration}). */
enum Shell {
    BASH("bash/termbus.bash"),
    ZSH("zsh/.zshenv"),
    FISH("fish/vendor_conf.d/__termbus_shell_integration.fish");

    private final String file;

    Shell(String file) {
        this.file = file;
    }

    /** What the program is called. */
    String program() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The file of the hub's that it reads, below the directory for those. */
    String file() {
        return file;
    }

    /**
     * What a command is typed as, to be one: in one line, and with nothing in it that a line editor takes for a key, or the
     * shell for its history.
     */
    String typed(String command) {
        if (command.chars().noneMatch(c -> Character.isISOControl(c) || c == '!' && this != FISH)) {
            return command;
        }
        StringBuilder quoted = new StringBuilder(this == FISH ? "eval '" : "eval $'");
        command.chars().forEach(c -> quoted.append(this == FISH ? fish((char) c) : ansiC((char) c)));
        return quoted.append('\'').toString();
    }

    private static String ansiC(char c) {
        if (c == '\\' || c == '\'' || c == '!' || Character.isISOControl(c)) {
            return c == '\n' ? "\\n" : c < 0x80 ? String.format("\\x%02x", (int) c) : String.format("\\u%04x", (int) c);
        }
        return String.valueOf(c);
    }

    /** In fish only backslash and quote are escaped in quotes, and controls only outside. */
    private static String fish(char c) {
        if (Character.isISOControl(c)) {
            return String.format(c < 0x80 ? "'\\x%02x'" : "'\\u%04x'", (int) c);
        }
        return c == '\\' || c == '\'' ? "\\" + c : String.valueOf(c);
    }
}
