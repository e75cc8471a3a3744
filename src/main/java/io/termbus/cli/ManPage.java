package io.termbus.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code termbus(1)}: all commands on one page, in the macros of man(7), made from the commands' own declarations. */
final class ManPage {
    /** What talks to a hub has it, and with it the other options that say which. */
    private static final String OF_HUB_COMMANDS = "--host";

    private final Map<String, CommandLine> commands;
    private final StringBuilder page = new StringBuilder();

    private ManPage(CommandLine all) {
        this.commands = all.getSubcommands();
        page.append(".TH TERMBUS 1 \"\" \"Termbus\" \"User Commands\"\n.nh\n.ad l\n");
        section("NAME");
        line("termbus - a terminal hub and its clients");
        section("SYNOPSIS");
        line("termbus COMMAND [OPTIONS] ...");
        line("");
        section("DESCRIPTION");
        line("Without a command, or with options alone, termbus is 'termbus serve': the hub itself.");
        section("OPTIONS OF COMMANDS THAT TALK TO A HUB");
        List<OptionSpec> shared = shared();
        shared.forEach(this::option);
        section("COMMANDS");
        Set<String> known = new HashSet<>();
        shared.forEach(each -> known.add(each.longestName()));
        commands.forEach((name, each) -> command(name, each, known));
        section("FILES");
        item("~/.termbus/token");
        line("The admin token, which commands of the same user find by themselves.");
        item("/etc/termbus/termbus.yaml");
        line("Settings of a hub that was installed as a service: all of them, with their defaults.");
    }

    static String of(CommandLine all) {
        return new ManPage(all).page.toString();
    }

    /** Those that all of them have. */
    private List<OptionSpec> shared() {
        List<CommandSpec> talking = commands.values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(each -> each.findOption(OF_HUB_COMMANDS) != null)
                .toList();
        return talking.stream()
                .limit(1)
                .flatMap(first -> first.options().stream())
                .filter(option -> talking.stream().allMatch(each -> each.findOption(option.longestName()) != null))
                .toList();
    }

    private void command(String name, CommandLine command, Set<String> shared) {
        CommandSpec spec = command.getCommandSpec();
        page.append(".SS \"").append(escaped(name)).append("\"\n");
        verbatim(command.getHelp().synopsis(0).stripTrailing().lines().toList());
        page.append(".PP\n");
        line(Completions.description(spec));
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (parameter.description().length > 0) {
                item(parameter.paramLabel());
                line(String.join(" ", parameter.description()));
            }
        }
        Completions.shown(spec).stream()
                .filter(each -> spec.findOption(OF_HUB_COMMANDS) == null || !shared.contains(each.longestName()))
                .forEach(this::option);
        verbatim(List.of(spec.usageMessage().footer()));
    }

    private void option(OptionSpec option) {
        String value = Completions.takesValue(option) ? "=" + option.paramLabel() : "";
        item(String.join(", ", option.names()) + value);
        line(Completions.description(option));
    }

    private void section(String name) {
        page.append(".SH \"").append(name).append("\"\n");
    }

    private void item(String name) {
        page.append(".TP\n.B \"").append(escaped(name).replace("\"", "\\(dq")).append("\"\n");
    }

    private void verbatim(List<String> lines) {
        if (!lines.isEmpty()) {
            page.append(".PP\n.nf\n");
            lines.forEach(this::line);
            page.append(".fi\n");
        }
    }

    private void line(String text) {
        String escaped = escaped(text);
        page.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "")
                .append(escaped)
                .append('\n');
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
    }
}
