package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Parameters;

/** A command about one session. */
abstract class SessionCommand extends RequestCommand {
    @Parameters(index = "0", paramLabel = "ID|NAME", description = "The session.")
    private String wanted = "";

    abstract void ask(HubConnection hub, JsonObject session) throws CliException;

    @Override
    final void ask(HubConnection hub) throws CliException {
        ask(hub, Sessions.find(hub, wanted));
    }

    /** Sends a command to the session; with {@code --json} says which session that was. */
    void command(HubConnection hub, JsonObject session, String action, JsonObject body) throws CliException {
        hub.request(Addresses.session(Sessions.id(session)), action, body);
        acknowledge(session);
    }

    void acknowledge(JsonObject session) {
        if (json) {
            print(Text.json(new JsonObject().put("session", Sessions.id(session))));
        }
    }
}
