package io.termbus.cli;

import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.CommandContext;
import io.termbus.cli.process.Status;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say how a session is created. */
final class CreateOptions {
    @Option(names = "--name", paramLabel = "NAME", description = "Name of the session; else that of the program.")
    private @Nullable String name;

    @Option(
            names = "--cwd",
            paramLabel = "DIR",
            description = "Directory on the hub's machine; else, where the hub is local, this one, and elsewhere"
                    + " the hub's HOME.")
    private @Nullable String directory;

    @Option(
            names = "--env",
            paramLabel = "NAME[=VALUE]",
            description = "Variable for the session; without a value, as it is here. May be repeated.")
    private List<String> variables = new ArrayList<>();

    @Option(names = "--record", description = "Record the session from its first byte on.")
    private boolean record;

    /** The body of a {@code create}. */
    JsonObject body(CommandContext context, HubEndpoint hub, List<String> command) throws CliException {
        JsonObject body = new JsonObject();
        if (!command.isEmpty()) {
            body.put("command", command);
        }
        if (name != null) {
            body.put("name", name);
        }
        if (record) {
            body.put("record", true);
        }
        if (directory != null || hub.local()) {
            body.put("cwd", absolute(context, hub));
        }
        return variables.isEmpty() ? body : body.put("env", environment(context.environment()));
    }

    /** A relative directory is one of this machine, so it must be the hub's too. */
    private String absolute(CommandContext context, HubEndpoint hub) throws CliException {
        if (directory == null) {
            return context.directory().toString();
        }
        if (Path.of(directory).isAbsolute()) {
            return directory;
        }
        if (!hub.local()) {
            throw new CliException(Status.USAGE, "--cwd " + directory + ": for a hub elsewhere give an absolute path");
        }
        return context.path(directory).normalize().toString();
    }

    private JsonObject environment(Map<String, String> here) throws CliException {
        JsonObject environment = new JsonObject();
        for (String each : variables) {
            int equals = each.indexOf('=');
            if (equals == 0) {
                throw new CliException(Status.USAGE, "--env " + each + ": give NAME=VALUE or NAME");
            }
            if (equals > 0) {
                environment.put(each.substring(0, equals), each.substring(equals + 1));
            } else if (here.containsKey(each)) {
                environment.put(each, Arguments.variable(each, here.get(each)));
            }
        }
        return environment;
    }
}
