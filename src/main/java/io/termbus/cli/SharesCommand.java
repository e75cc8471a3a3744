package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "shares", description = "List the shares that hold.")
final class SharesCommand extends RequestCommand {
    @Override
    void ask(HubConnection hub) throws CliException {
        JsonArray shares =
                hub.request(Addresses.HUB, "shares", new JsonObject()).getJsonArray("shares");
        if (json) {
            print(Text.json(shares));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "SESSION", "ROLE", "EXPIRES", "CREATED BY"));
        for (int i = 0; i < shares.size(); i++) {
            JsonObject share = shares.getJsonObject(i);
            rows.add(List.of(
                    share.getString("id"),
                    share.getString("session", "all"),
                    share.getString("role"),
                    share.getString("expiresAt"),
                    Text.printable(share.getString("createdBy", ""))));
        }
        context().out().print(Text.table(rows));
    }
}
