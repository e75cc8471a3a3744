package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;

/** A command that ends when its requests to the hub are answered. */
abstract class RequestCommand extends HubCommand {
    /** What it exits with when it has not failed. */
    int status = Status.OK;

    abstract void ask(HubConnection hub) throws CliException;

    @Override
    final int run(HubEndpoint hub) throws CliException {
        try (HubConnection connection = hub.connect()) {
            ask(connection);
            return status;
        }
    }
}
