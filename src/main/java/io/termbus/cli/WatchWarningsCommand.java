package io.termbus.cli;

import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;

@Command(
        name = "watch-warnings",
        description = "Print every zone change and forced disconnect of the hub as it happens, until Ctrl-C.")
final class WatchWarningsCommand extends HubCommand {
    WatchWarningsCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Hub hub) throws CliException {
        CompletableFuture<CliException> refused = new CompletableFuture<>();
        try (HubConnection connection = hub.connect()) {
            connection.listen(Addresses.WARNINGS, frame -> {
                if ("err".equals(frame.getString("type"))) {
                    refused.complete(HubConnection.refusal(frame));
                } else {
                    print(line(frame.getJsonObject("body", new JsonObject())));
                }
            });
            connection.watch();
            throw (CliException)
                    CompletableFuture.anyOf(refused, connection.end()).join();
        }
    }

    private String line(JsonObject warning) {
        if (json) {
            return warning.encode();
        }
        String what = warning.getString("event") == null
                ? warning.getString("previous") + " -> " + warning.getString("level")
                : warning.getString("event") + ": " + warning.getString("reason");
        return Text.printable(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + what + "  session "
                + warning.getString("session") + "  subscriber " + warning.getString("subscriber") + "  "
                + warning.getLong("queueSize") + " deliveries, " + warning.getLong("queueBytes") + " bytes unacked");
    }
}
