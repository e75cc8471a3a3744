package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "info", description = "Show what the hub knows of a session, or of itself and of you.")
final class InfoCommand extends RequestCommand {
    @Parameters(arity = "0..1", paramLabel = "ID|NAME", description = "The session; none: the hub.")
    private @Nullable String wanted;

    @Override
    void ask(HubConnection hub) throws CliException {
        JsonObject info =
                wanted == null ? hub.request(Addresses.HUB, "info", new JsonObject()) : Sessions.find(hub, wanted);
        if (json) {
            print(Text.json(info));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        info.forEach(entry -> rows.add(List.of(entry.getKey(), Text.printable(String.valueOf(entry.getValue())))));
        context().out().print(Text.table(rows));
    }
}
