package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "cast", description = "Print the file of a recording: asciicast 3, as asciinema plays it.")
final class CastCommand extends RequestCommand {
    private static final int PIECE_BYTES = 65_536;

    @Parameters(index = "0", paramLabel = "RECORDING", description = "Its id; or a session's id or name: its newest.")
    private String wanted = "";

    @Override
    void ask(HubConnection hub) throws CliException {
        byte[] piece = new byte[PIECE_BYTES];
        try (InputStream file = HubRecording.find(hub, wanted).open(0)) {
            for (int count = read(file, piece); count >= 0; count = read(file, piece)) {
                context().bytes().write(piece, 0, count);
            }
        } catch (IOException e) {
            status = Status.ofClosedOutput(e);
        }
    }

    private static int read(InputStream file, byte[] into) throws CliException {
        try {
            return file.read(into);
        } catch (IOException e) {
            throw HubRecording.failure(e);
        }
    }
}
