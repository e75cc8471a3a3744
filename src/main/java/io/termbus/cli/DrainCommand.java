package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "drain",
        description =
                "Have a hub take no new sessions; those that run go on, and /readyz says 503. Prints how many run.")
final class DrainCommand extends RequestCommand {
    @Option(names = "--off", description = "Take new sessions again.")
    private boolean off;

    @Option(names = "--node", paramLabel = "NODE", description = "Of a cluster this node; else the one that is asked.")
    private @Nullable String node;

    @Override
    void ask(HubConnection hub) throws CliException {
        JsonObject body = new JsonObject().put("on", !off);
        if (node != null) {
            body.put("node", named(node));
        }
        JsonObject load = hub.request(Addresses.HUB, "drain", body);
        print(
                json
                        ? Text.json(load)
                        : Text.printable(load.getString("node")) + (off ? " takes sessions, " : " drains, ")
                                + load.getInteger("running") + " run");
    }

    /** A script's variable that is not set must not drain the hub that is asked. */
    private static String named(String node) throws CliException {
        if (node.isEmpty()) {
            throw new CliException(Status.USAGE, "--node: give the id of a node, or leave the option out");
        }
        return node;
    }
}
