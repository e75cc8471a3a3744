package io.termbus.cli;

/** A command that asks the hub something or a few things and is done. */
abstract class RequestCommand extends HubCommand {
    RequestCommand(Surroundings surroundings) {
        super(surroundings);
    }

    abstract void ask(HubConnection hub) throws CliException;

    @Override
    final int run(Hub hub) throws CliException {
        try (HubConnection connection = hub.connect()) {
            ask(connection);
            return Status.OK;
        }
    }
}
