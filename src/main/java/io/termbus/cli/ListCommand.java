package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "ls", description = "List the sessions, exited ones too until the hub forgets them.")
final class ListCommand extends RequestCommand {
    @Override
    void ask(HubConnection hub) throws CliException {
        List<JsonObject> sessions = Sessions.list(hub);
        if (json) {
            print(Text.json(new JsonArray(sessions)));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "NAME", "STATE", "SIZE", "VIEWERS", "AGE", "COMMAND"));
        Instant now = Instant.now();
        for (JsonObject each : sessions) {
            rows.add(List.of(
                    Sessions.id(each),
                    Text.printable(Sessions.name(each)),
                    Text.state(each),
                    Text.size(each),
                    String.valueOf(each.getInteger("subscribers")),
                    Text.age(each.getString("createdAt", ""), now),
                    Text.command(each)));
        }
        context().out().print(Text.table(rows));
    }
}
