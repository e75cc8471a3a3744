package io.termbus.cli;

import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "screen", description = "Print what a session's screen shows now.")
final class ScreenCommand extends SessionCommand {
    private static final String ALL = "all";

    @Option(names = "--ansi", description = "With colours and the cursor, as escape sequences for a terminal.")
    private boolean ansi;

    @Option(names = "--scrollback", paramLabel = "LINES|all", description = "So many lines above the screen too.")
    private String scrollback = "0";

    ScreenCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        JsonObject body = new JsonObject().put("format", ansi ? "ansi" : "text").put("scrollback", lines(scrollback));
        JsonObject screen = hub.request(Addresses.session(Sessions.id(session)), "snapshot", body);
        if (json) {
            print(screen.put("session", Sessions.id(session)).encode());
        } else {
            surroundings.out().print(screen.getString("data"));
        }
    }

    /** The value of a {@code --scrollback}. */
    static int lines(String text) throws CliException {
        if (text.equals(ALL)) {
            return Integer.MAX_VALUE;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new CliException(
                    Status.USAGE, "--scrollback " + Text.printable(text) + ": give a number of lines, or all");
        }
        return Integer.parseInt(text);
    }
}
