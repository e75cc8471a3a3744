package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "rename", description = "Give a session another name.")
final class RenameCommand extends SessionCommand {
    @Parameters(index = "1", paramLabel = "NEW-NAME", description = "At most 200 characters.")
    private String name = "";

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        command(hub, session, "rename", new JsonObject().put("name", name));
    }
}
