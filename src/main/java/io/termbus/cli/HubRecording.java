package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** A recording at a hub: found by what users call it, and its file, read piece by piece. */
final class HubRecording {
    private final HubConnection hub;
    private final String id;

    private HubRecording(HubConnection hub, String id) {
        this.hub = hub;
        this.id = id;
    }

    /** Newest first. */
    static List<JsonObject> list(HubConnection hub) throws CliException {
        List<JsonObject> recordings = new ArrayList<>();
        hub.request(Addresses.HUB, "recordings", new JsonObject())
                .getJsonArray("recordings")
                .forEach(each -> recordings.add((JsonObject) each));
        return recordings;
    }

    /** The recording with that id, else the newest one of the session with that id, else the newest with that title. */
    static HubRecording find(HubConnection hub, String wanted) throws CliException {
        List<JsonObject> all = list(hub);
        for (String field : List.of("id", "session", "title")) {
            for (JsonObject each : all) {
                if (wanted.equals(each.getString(field))) {
                    return new HubRecording(hub, each.getString("id"));
                }
            }
        }
        throw new CliException(
                Status.NO_SESSION, "no recording '" + Text.printable(wanted) + "'; 'recordings' shows the recordings");
    }

    String id() {
        return id;
    }

    /** What was on the screen. */
    JsonObject seek(long millis, String format) throws CliException {
        JsonObject body =
                new JsonObject().put("recording", id).put("atMs", millis).put("format", format);
        return hub.request(Addresses.HUB, "seek", body);
    }

    /** The file from that byte on. Reading fails with an {@link IOException} whose cause is a {@link CliException}. */
    InputStream open(long from) {
        return new InputStream() {
            private byte[] piece = new byte[0];
            private int at;
            private Long next = from;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int start, int length) throws IOException {
                Objects.checkFromIndexSize(start, length, into.length);
                if (at == piece.length && !fill()) {
                    return -1;
                }
                int count = Math.min(length, piece.length - at);
                System.arraycopy(piece, at, into, start, count);
                at += count;
                return count;
            }

            private boolean fill() throws IOException {
                if (next == null) {
                    return false;
                }
                try {
                    JsonObject answer = hub.request(
                            Addresses.HUB,
                            "recording",
                            new JsonObject().put("recording", id).put("from", next));
                    piece = Base64.getDecoder().decode(answer.getString("data"));
                    next = answer.getLong("next");
                    at = 0;
                    return piece.length > 0;
                } catch (CliException e) {
                    throw new IOException(e.getMessage(), e);
                }
            }
        };
    }

    /** Why a stream of {@link #open} could not be read. */
    static CliException failure(IOException cause) {
        return cause.getCause() instanceof CliException known
                ? known
                : new CliException(Status.IO, String.valueOf(cause.getMessage()));
    }
}
