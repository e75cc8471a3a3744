package io.termbus.cli;

import io.termbus.cli.attach.AttachOptions;
import io.termbus.cli.attach.AttachedTerminal;
import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.cli.terminal.LocalTerminal;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "new",
        description = "Create a session and attach to it. Without CMD it runs the hub's shell.",
        footer = {"", "Write -- before CMD, so that CMD's options are not taken for those of 'new'."})
final class NewCommand extends HubCommand {
    @Option(
            names = {"-d", "--detached"},
            description = "Do not attach: print the session's id. Implied without a terminal.")
    private boolean detached;

    @Mixin
    private final CreateOptions options = new CreateOptions();

    @Mixin
    private final AttachOptions attaching = new AttachOptions();

    @Parameters(arity = "0..*", paramLabel = "CMD", description = "Program and arguments.")
    private List<String> command = new ArrayList<>();

    @Override
    int run(HubEndpoint hub) throws CliException {
        if (detached || !LocalTerminal.present()) {
            try (HubConnection connection = hub.connect()) {
                JsonObject session = connection.request(Addresses.HUB, "create", body(hub));
                print(json ? Text.json(session) : Sessions.id(session));
                return Status.OK;
            }
        }
        return new AttachedTerminal(hub, context(), attaching, false)
                .run(connection -> create(hub, connection))
                .report(context(), json);
    }

    private JsonObject create(HubEndpoint hub, HubConnection connection) throws CliException {
        return connection.request(
                Addresses.HUB, "create", body(hub).mergeIn(LocalTerminal.size().json()));
    }

    /** Its shell may be asked to run commands ({@code exec}). */
    private JsonObject body(HubEndpoint hub) throws CliException {
        return options.body(context(), hub, command).put("shellIntegration", "auto");
    }
}
