package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "resize", description = "Set the size of a session's terminal.")
final class ResizeCommand extends SessionCommand {
    @Parameters(index = "1", paramLabel = "COLS", description = "1..1000")
    private int cols;

    @Parameters(index = "2", paramLabel = "ROWS", description = "1..1000")
    private int rows;

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        command(hub, session, "resize", new JsonObject().put("cols", cols).put("rows", rows));
    }
}
