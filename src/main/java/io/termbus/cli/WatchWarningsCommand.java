package io.termbus.cli;

import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
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
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        try (HubConnection connection = hub.connect()) {
            connection.listen(Addresses.WARNINGS, frame -> received(frame, events));
            connection.watch(why -> events.add(new Event.Failed(why)));
            Event end = Event.take(events);
            if (end instanceof Event.Failed failed) {
                throw failed.why();
            }
            return Status.ofClosedOutput(((Event.OutputFailed) end).cause());
        }
    }

    private void received(JsonObject frame, BlockingQueue<Event> events) {
        if ("err".equals(frame.getString("type"))) {
            events.add(new Event.Failed(HubConnection.refusal(frame)));
            return;
        }
        try {
            String line = line(frame.getJsonObject("body", new JsonObject()));
            surroundings.bytes().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            events.add(new Event.OutputFailed(e));
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
