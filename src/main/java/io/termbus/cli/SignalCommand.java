package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "signal", description = "Send a signal to the program in a session's foreground.")
final class SignalCommand extends SessionCommand {
    @Parameters(index = "1", paramLabel = "SIGNAL", description = "Such as INT or SIGINT.")
    private String signal = "";

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        command(hub, session, "signal", new JsonObject().put("signal", signal));
    }
}
