package io.termbus.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Scripts by which shells complete commands and their options, made from the commands' own declarations. */
final class Completions {
    static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    private final String program;
    private final CommandLine all;

    /** @param program a plain name: what the user calls it */
    Completions(String program, CommandLine all) {
        this.program = program;
        this.all = all;
    }

    /** @param shell one of {@link #SHELLS} */
    String of(String shell) {
        return switch (shell) {
            case "zsh" -> zsh();
            case "fish" -> fish();
            default -> AutoComplete.bash(program, all);
        };
    }

    private void each(BiConsumer<String, CommandSpec> told) {
        all.getSubcommands().forEach((name, command) -> told.accept(name, command.getCommandSpec()));
    }

    static String description(CommandSpec command) {
        return String.join(" ", command.usageMessage().description());
    }

    static String description(OptionSpec option) {
        return String.join(" ", option.description());
    }

    /** Its options but for those that are for the program itself. */
    static List<OptionSpec> shown(CommandSpec command) {
        return command.options().stream().filter(each -> !each.hidden()).toList();
    }

    /** Whether it takes a value. */
    static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    /** One file for both: one that {@code compinit} finds by its first line, and one to be sourced. */
    private String zsh() {
        String function = "_" + program.replaceAll("[^A-Za-z0-9]", "_");
        StringBuilder script = new StringBuilder("#compdef " + program + "\n\n" + function + "() {\n");
        script.append("    local -a commands=(\n");
        each((name, command) -> {
            String entry = name + ":" + colons(description(command));
            script.append("        ").append(quoted(entry)).append('\n');
        });
        script.append(
                "    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n        return\n    fi\n");
        script.append("    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n    case $command in\n");
        each((name, command) -> {
            script.append("        ").append(name).append(")\n            _arguments -s");
            for (OptionSpec option : shown(command)) {
                for (String each : option.names()) {
                    script.append(" \\\n                ").append(quoted(zsh(each, option)));
                }
            }
            script.append(" \\\n                '*: :_default'\n            ;;\n");
        });
        return script.append("    esac\n}\n\nif [ \"$funcstack[1]\" = ")
                .append(function)
                .append(" ]; then\n    ")
                .append(function)
                .append(" \"$@\"\nelse\n    compdef ")
                .append(function + " " + program)
                .append("\nfi\n")
                .toString();
    }

    private static String zsh(String name, OptionSpec option) {
        String text = "[" + colons(description(option)).replace("[", "\\[").replace("]", "\\]") + "]";
        if (!takesValue(option)) {
            return name + text;
        }
        String label = colons(option.paramLabel());
        return (option.isMultiValue() ? "*" : "") + name + (name.startsWith("--") ? "=" : "+") + text + ":" + label
                + ":_files";
    }

    private static String colons(String text) {
        return text.replace("\\", "\\\\").replace(":", "\\:");
    }

    /** As one word of a shell, in which nothing stands for something else. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private String fish() {
        String function = "__" + program.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_") + "_command";
        StringBuilder script = new StringBuilder("function " + function + "\n    set -l words (commandline -opc)\n"
                + "    test \"$words[2]\" = \"$argv[1]\"\nend\n");
        each((name, command) -> {
            script.append(fish(function, "", "-f -a " + name, description(command)));
            for (OptionSpec option : shown(command)) {
                String names = List.of(option.names()).stream()
                        .map(each -> each.startsWith("--") ? "-l " + each.substring(2) : "-s " + each.substring(1))
                        .collect(Collectors.joining(" "));
                String value = takesValue(option) ? " -r" : "";
                script.append(fish(function, name, names + value, description(option)));
            }
        });
        return script.toString();
    }

    /** @param command empty: before any is typed */
    private String fish(String function, String command, String what, String description) {
        String text = "'" + description.replace("\\", "\\\\").replace("'", "\\'") + "'";
        return "complete -c " + program + " -n '" + function + " \"" + command + "\"' " + what + " -d " + text + "\n";
    }
}
