package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "output",
        description = "Print what a command of a session's shell has put out; the last one's, if none is named.")
final class OutputCommand extends SessionCommand {
    /** The hub's. */
    private static final int MAX_BYTES = 262_144;

    @Parameters(index = "1", arity = "0..1", paramLabel = "COMMAND", description = "Its id, see 'commands'.")
    private @Nullable Long command;

    @Option(names = "--ansi", description = "As it came, with colours and escape sequences.")
    private boolean ansi;

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        String address = Addresses.session(Sessions.id(session));
        long id = command == null ? last(hub, address) : command;
        JsonObject body = new JsonObject()
                .put("id", id)
                .put("format", ansi ? "ansi" : "text")
                .put("maxBytes", MAX_BYTES);
        JsonObject answer = hub.request(address, "commandOutput", body);
        if (json) {
            print(Text.json(answer.put("session", Sessions.id(session))));
        } else {
            context().out().print(answer.getString("text"));
        }
    }

    private static long last(HubConnection hub, String address) throws CliException {
        JsonArray commands = hub.request(address, "commands", new JsonObject().put("limit", 1))
                .getJsonArray("commands");
        if (commands.isEmpty()) {
            throw new CliException(Status.NO_SESSION, "the session's shell has told of no command");
        }
        return commands.getJsonObject(0).getLong("id");
    }
}
