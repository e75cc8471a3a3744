package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "revoke", description = "End a share: who came in by it is out within a second.")
final class RevokeCommand extends RequestCommand {
    @Parameters(paramLabel = "SHARE", description = "Its id, as 'shares' lists it.")
    private String share = "";

    @Override
    void ask(HubConnection hub) throws CliException {
        hub.request(Addresses.HUB, "revoke", new JsonObject().put("id", share));
        if (json) {
            print(Text.json(new JsonObject().put("share", share)));
        }
    }
}
