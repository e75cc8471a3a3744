package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;

@Command(
        name = "kill",
        description = "End a session: HUP to its programs, then KILL to what is left. Does not wait for the end.")
final class KillCommand extends SessionCommand {
    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        command(hub, session, "kill", new JsonObject());
    }
}
