package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.SessionEvent;
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
    @Override
    int run(HubEndpoint hub) throws CliException {
        BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();
        try (HubConnection connection = hub.connect()) {
            connection.listen(Addresses.WARNINGS, frame -> received(frame, events));
            connection.watch(why -> events.add(new SessionEvent.Failed(why)));
            SessionEvent end = SessionEvent.take(events);
            if (end instanceof SessionEvent.Failed failed) {
                throw failed.why();
            }
            return Status.ofClosedOutput(((SessionEvent.OutputFailed) end).cause());
        }
    }

    private void received(JsonObject frame, BlockingQueue<SessionEvent> events) {
        if ("err".equals(frame.getString("type"))) {
            events.add(new SessionEvent.Failed(HubConnection.refusal(frame)));
            return;
        }
        try {
            String line = line(frame.getJsonObject("body", new JsonObject()));
            context().bytes().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            events.add(new SessionEvent.OutputFailed(e));
        }
    }

    private String line(JsonObject warning) {
        if (json) {
            return Text.json(warning);
        }
        String at = LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  ";
        if ("skipped".equals(warning.getString("event"))) {
            return at + warning.getLong("count") + " more, which came faster than they are told";
        }
        String what = warning.getString("event") == null
                ? warning.getString("previous") + " -> " + warning.getString("level")
                : warning.getString("event") + ": " + warning.getString("reason");
        return Text.printable(at + what + "  session "
                + warning.getString("session") + "  subscriber " + warning.getString("subscriber") + "  "
                + warning.getLong("queueSize") + " deliveries, " + warning.getLong("queueBytes") + " bytes unacked");
    }
}
