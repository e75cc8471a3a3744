package io.termbus.cli;

import io.termbus.cli.attach.AttachOptions;
import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "screen", description = "Print what a session's screen shows now.")
final class ScreenCommand extends SessionCommand {
    @Option(names = "--ansi", description = "With colours and the cursor, as escape sequences for a terminal.")
    private boolean ansi;

    @Option(names = "--scrollback", paramLabel = "LINES|all", description = "So many lines above the screen too.")
    private String scrollback = "0";

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        JsonObject body = new JsonObject()
                .put("format", ansi ? "ansi" : "text")
                .put("scrollback", AttachOptions.lines(scrollback));
        JsonObject screen = hub.request(Addresses.session(Sessions.id(session)), "snapshot", body);
        if (json) {
            print(Text.json(screen.put("session", Sessions.id(session))));
        } else {
            context().out().print(screen.getString("data"));
        }
    }
}
