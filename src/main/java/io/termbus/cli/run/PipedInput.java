package io.termbus.cli.run;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.session.SessionInput;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;

/** The pipe that is a command's standard input. */
final class PipedInput implements InputForwarder.Target {
    private final HubConnection hub;
    private final String session;

    PipedInput(HubConnection hub, String session) {
        this.hub = hub;
        this.session = session;
    }

    @Override
    public boolean send(byte[] bytes, int length) throws CliException {
        JsonObject body = SessionInput.body(Arrays.copyOf(bytes, length));
        return !SessionInput.untilTaken(() -> ask(body)).getBoolean("closed", false);
    }

    @Override
    public void end() throws CliException {
        ask(new JsonObject().put("end", true));
    }

    private JsonObject ask(JsonObject body) throws CliException {
        return hub.request(Addresses.session(session), "stdin", body);
    }
}
