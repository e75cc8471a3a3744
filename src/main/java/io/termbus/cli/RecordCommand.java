package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "record", description = "Record a session from now on; prints the recording's id.")
final class RecordCommand extends SessionCommand {
    @Option(names = "--off", description = "Record it no more.")
    private boolean off;

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        JsonObject answer =
                hub.request(Addresses.session(Sessions.id(session)), "record", new JsonObject().put("on", !off));
        if (json) {
            print(Text.json(answer.put("session", Sessions.id(session))));
        } else if (!off) {
            print(answer.getString("recording"));
        }
    }
}
