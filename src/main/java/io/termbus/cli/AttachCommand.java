package io.termbus.cli;

import io.termbus.cli.attach.AttachOptions;
import io.termbus.cli.attach.AttachedTerminal;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.session.Sessions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "attach",
        description = "Show a session in this terminal and type into it, until the detach key or its end.")
final class AttachCommand extends HubCommand {
    @Parameters(index = "0", paramLabel = "ID|NAME", description = "The session.")
    private String wanted = "";

    @Option(
            names = {"-r", "--read-only"},
            description = "Only watch: nothing is typed and the session keeps its size.")
    private boolean readOnly;

    @Mixin
    private final AttachOptions options = new AttachOptions();

    @Override
    int run(HubEndpoint hub) throws CliException {
        return new AttachedTerminal(hub, context(), options, readOnly)
                .run(connection -> Sessions.find(connection, wanted))
                .report(context(), json);
    }
}
