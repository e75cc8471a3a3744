package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "exec",
        description = "Have a session's shell run a command, print its output, exit with its status.",
        footer = {
            "",
            "The words of CMD are joined by spaces, and the shell reads them as if they were typed. Options come before the session.",
            "Exit status: that of CMD; 124 if it has not ended in time (it goes on), 125 if 'exec' itself failed, or the shell took CMD for no command."
        })
final class ExecCommand extends SessionCommand {
    @Option(names = "--timeout", paramLabel = "SECONDS", description = "0..600; 30 if left out.")
    private int timeout = 30;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "What the shell shall run.")
    private List<String> words = new ArrayList<>();

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        WaitCommand.checkTimeout(timeout);
        if (words.size() > 1 && words.get(0).equals("--")) {
            words = words.subList(1, words.size());
        }
        JsonObject body =
                new JsonObject().put("command", String.join(" ", words)).put("timeoutMs", timeout * 1000L);
        String id = Sessions.id(session);
        JsonObject answer = hub.request(Addresses.session(id), "run", body, Duration.ofSeconds(timeout));
        if (json) {
            print(Text.json(answer.put("session", id)));
        } else {
            context().out().print(answer.getString("text"));
            context().out().flush();
        }
        boolean started = answer.getBoolean("started", true);
        if (answer.getBoolean("running", false)) {
            throw new CliException(
                    Status.NOT_IN_TIME,
                    started
                            ? "it has not ended within " + timeout + " s"
                            : "it has not begun within " + timeout
                                    + " s: the line is not whole; Ctrl-C gives the prompt back");
        }
        if (!started) {
            throw new CliException(Status.RUN_FAILED, "the shell took the line for no command");
        }
        if (!answer.containsKey("exitCode")) {
            throw new CliException(Status.RUN_FAILED, "the shell has not told how it ended");
        }
        status = answer.getInteger("exitCode");
    }
}
