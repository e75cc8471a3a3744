package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Text;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description = "Print what was on the screen of a recording, at its end unless told otherwise.")
final class ReplayCommand extends RequestCommand {
    @Parameters(index = "0", paramLabel = "RECORDING", description = "Its id; or a session's id or name: its newest.")
    private String wanted = "";

    @Option(names = "--text", description = "As plain text, without colours and escape sequences.")
    private boolean text;

    @Option(names = "--at", paramLabel = "SECONDS", description = "So long after its beginning.")
    private String at = "";

    @Override
    void ask(HubConnection hub) throws CliException {
        long millis = at.isEmpty() ? Long.MAX_VALUE : Seconds.millis("--at", at);
        JsonObject screen = HubRecording.find(hub, wanted).seek(millis, text ? "text" : "ansi");
        if (json) {
            print(Text.json(screen));
        } else {
            context().out().print(screen.getString("data"));
        }
    }
}
