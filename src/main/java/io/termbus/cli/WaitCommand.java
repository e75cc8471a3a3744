package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "wait", description = "Wait until something happens in a session: the first of what is asked for.")
final class WaitCommand extends SessionCommand {
    /** The hub's, in seconds. */
    private static final int MAX_TIMEOUT = 600;

    @Option(names = "--text", paramLabel = "TEXT", description = "A line with TEXT in it is printed.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--regex", paramLabel = "REGEX", description = "A line that REGEX (RE2) matches is printed.")
    private List<String> regexes = new ArrayList<>();

    @Option(names = "--idle", paramLabel = "MS", description = "Nothing is printed for so many milliseconds.")
    private @Nullable Integer idleMs;

    @Option(names = "--prompt", description = "The shell shows its prompt.")
    private boolean prompt;

    @Option(names = "--command", paramLabel = "ID", description = "That command of the shell's ends.")
    private @Nullable Long command;

    @Option(names = "--exit", description = "The program exits.")
    private boolean exit;

    @Option(names = "--since", paramLabel = "OFFSET", description = "What came behind OFFSET counts too.")
    private @Nullable Long since;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "0..600; 30 if left out.")
    private int timeout = 30;

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        checkTimeout(timeout);
        String id = Sessions.id(session);
        JsonArray any = new JsonArray();
        texts.forEach(text -> any.add(new JsonObject().put("text", text)));
        regexes.forEach(regex -> any.add(new JsonObject().put("regex", regex)));
        Optional.ofNullable(idleMs).ifPresent(ms -> any.add(new JsonObject().put("idleMs", ms)));
        if (prompt) {
            any.add(new JsonObject().put("prompt", true));
        }
        Optional.ofNullable(command).ifPresent(number -> any.add(new JsonObject().put("command", number)));
        if (exit) {
            any.add(new JsonObject().put("exit", true));
        }
        if (any.isEmpty()) {
            throw new CliException(
                    Status.USAGE,
                    "what to wait for is missing: --text, --regex, --idle, --prompt, --command or --exit");
        }
        JsonObject body = new JsonObject().put("any", any).put("timeoutMs", timeout * 1000L);
        Optional.ofNullable(since).ifPresent(offset -> body.put("since", offset));
        JsonObject answer = hub.request(Addresses.session(id), "wait", body, Duration.ofSeconds(timeout));
        tell(id, answer);
    }

    static void checkTimeout(int seconds) throws CliException {
        if (seconds < 0 || seconds > MAX_TIMEOUT) {
            throw new CliException(Status.USAGE, "--timeout " + seconds + ": give 0..600 seconds");
        }
    }

    private void tell(String id, JsonObject answer) throws CliException {
        if (json) {
            print(Text.json(answer.put("session", id)));
        } else if (answer.containsKey("row")) {
            print(answer.getString("row"));
        }
        if (answer.getValue("matched") == null) {
            throw new CliException(
                    Status.NOT_IN_TIME,
                    answer.getString("state").equals("exited")
                            ? "the program has exited"
                            : "it did not happen within " + timeout + " s");
        }
    }
}
