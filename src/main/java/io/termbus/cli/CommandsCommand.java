package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "commands", description = "List the commands that a session's shell has run, the newest last.")
final class CommandsCommand extends SessionCommand {
    @Option(names = "--limit", paramLabel = "N", description = "At most so many, 1..100; 20 if left out.")
    private int limit = 20;

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        JsonObject answer =
                hub.request(Addresses.session(Sessions.id(session)), "commands", new JsonObject().put("limit", limit));
        if (json) {
            print(Text.json(answer.getJsonArray("commands")));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "STATUS", "AGE", "DIRECTORY", "COMMAND"));
        Instant now = Instant.now();
        answer.getJsonArray("commands").stream()
                .map(JsonObject.class::cast)
                .forEach(each -> rows.add(List.of(
                        String.valueOf(each.getLong("id")),
                        state(each),
                        Text.age(each.getString("startedAt", ""), now),
                        Text.printable(each.getString("cwd", "")),
                        Text.printable(each.getString("line", "")))));
        context().out().print(Text.table(rows));
    }

    private static String state(JsonObject command) {
        if (!command.containsKey("endedAt")) {
            return "runs";
        }
        return command.containsKey("exitCode") ? String.valueOf(command.getInteger("exitCode")) : "?";
    }
}
