package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.mcp.McpServer;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;

@Command(
        name = "mcp",
        description = "Give an agent the hub's terminals: the Model Context Protocol over standard input and output.")
final class McpCommand extends HubCommand {
    @Override
    int run(HubEndpoint hub) throws CliException {
        try (HubConnection connection = hub.connect()) {
            String version =
                    connection.request(Addresses.HUB, "info", new JsonObject()).getString("version", "");
            new McpPipe(hub, connection, new McpServer(version), context().bytes())
                    .serve(context().in());
            return Status.OK;
        }
    }
}
