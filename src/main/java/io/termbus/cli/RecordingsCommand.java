package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "recordings", description = "List the recordings of a hub, newest first.")
final class RecordingsCommand extends RequestCommand {
    private static final long MILLIS = 1000;
    private static final long KIB = 1024;

    @Override
    void ask(HubConnection hub) throws CliException {
        List<JsonObject> recordings = HubRecording.list(hub);
        if (json) {
            print(Text.json(new JsonArray(recordings)));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "STARTED", "SECONDS", "KIB", "SIZE", "TITLE"));
        for (JsonObject each : recordings) {
            rows.add(List.of(
                    each.getString("id"),
                    each.getString("startedAt", ""),
                    each.getLong("durationMs") / MILLIS + (each.getBoolean("live") ? "+" : ""),
                    String.valueOf(each.getLong("bytes") / KIB),
                    Text.size(each),
                    Text.printable(each.getString("title", ""))));
        }
        context().out().print(Text.table(rows));
    }
}
