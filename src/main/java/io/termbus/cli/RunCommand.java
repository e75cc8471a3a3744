package io.termbus.cli;

import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.run.CommandRun;
import io.termbus.cli.run.Sinks;
import io.termbus.cli.terminal.LocalTerminal;
import io.termbus.cli.terminal.StandardInput;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Run a command in a session of its own, print its output, exit with its status.",
        footer = {
            "",
            "Write -- before CMD. Ctrl-C and Ctrl-\\ go to the command; SIGTERM and SIGHUP end the session.",
            "A standard input that is no terminal is passed on to CMD.",
            "Exit status: that of CMD, 128+n if signal n ended it; 127 if there is no CMD, 126 if it is none that can be"
                    + " run, 125 if 'run' itself failed."
        })
final class RunCommand extends HubCommand {
    @Mixin
    private final CreateOptions options = new CreateOptions();

    @Option(
            names = {"-i", "--stdin"},
            description = "Pass the standard input on also where it is a terminal.")
    private boolean stdin;

    @Option(
            names = {"-t", "--tty"},
            description = "CMD reads its terminal, with echo; the standard input is typed into it, with Ctrl-D at its"
                    + " end.")
    private boolean tty;

    @Option(
            names = "--reconnect",
            paramLabel = "SECONDS",
            description = "How long to try again when the connection to the hub breaks; 30.")
    private int reconnectSeconds = 30;

    @Parameters(arity = "1..*", paramLabel = "CMD", description = "Program and arguments.")
    private List<String> command = new ArrayList<>();

    @Override
    int run(HubEndpoint hub) throws CliException {
        JsonObject body = options.body(context(), hub, command);
        if (LocalTerminal.present()) {
            body.mergeIn(LocalTerminal.size().json());
        }
        boolean passed = stdin || !StandardInput.isTerminal();
        return new CommandRun(hub, sink(), reconnectSeconds)
                .run(body, passed ? context().in() : null, tty);
    }

    private CommandRun.Sink sink() {
        return json
                ? new Sinks.Json(context().bytes())
                : new Sinks.Bytes(context().bytes(), LocalTerminal.present());
    }
}
