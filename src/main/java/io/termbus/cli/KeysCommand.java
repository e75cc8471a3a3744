package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "keys", description = "Press keys in a session: names as in tmux' send-keys, such as C-c, Up or F5.")
final class KeysCommand extends SessionCommand {
    @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY", description = "A key, or a single character.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = {"-l", "--literal"},
            description = "Each KEY is text to type.")
    private boolean literal;

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        JsonArray pressed = new JsonArray();
        keys.forEach(key -> pressed.add(literal ? new JsonObject().put("text", key) : key));
        String id = Sessions.id(session);
        JsonObject answer = hub.request(Addresses.session(id), "keys", new JsonObject().put("keys", pressed));
        if (json) {
            print(Text.json(answer.put("session", id)));
        }
    }
}
