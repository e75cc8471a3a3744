package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.session.SessionInput;
import io.termbus.cli.session.Sessions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "send", description = "Type text into a session; without TEXT, what comes on the standard input.")
final class SendCommand extends SessionCommand {
    @Parameters(index = "1..*", arity = "0..*", paramLabel = "TEXT", description = "Words are parted by one space.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--enter", description = "Press Enter at the end.")
    private boolean enter;

    @Override
    void ask(HubConnection hub, JsonObject session) throws CliException {
        String id = Sessions.id(session);
        if (words.isEmpty() && !enter) {
            sendStandardInput(hub, id);
        } else {
            byte[] text = (String.join(" ", words) + (enter ? "\r" : "")).getBytes(StandardCharsets.UTF_8);
            SessionInput.send(hub, id, text, text.length);
        }
        acknowledge(session);
    }

    private void sendStandardInput(HubConnection hub, String id) throws CliException {
        byte[] piece = new byte[SessionInput.PIECE_BYTES];
        try {
            for (int length = context().in().read(piece);
                    length >= 0;
                    length = context().in().read(piece)) {
                SessionInput.send(hub, id, piece, length);
            }
        } catch (IOException e) {
            throw new CliException(Status.IO, "the standard input cannot be read: " + e.getMessage());
        }
    }
}
