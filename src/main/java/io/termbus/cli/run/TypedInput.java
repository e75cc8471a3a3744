package io.termbus.cli.run;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.session.SessionInput;

/** The keyboard of a session. */
final class TypedInput implements InputForwarder.Target {
    /** Ctrl-D: at the beginning of a line it is the end of the input, else it ends what is like a line. */
    private static final byte[] END = {4, 4};

    private final HubConnection hub;
    private final String session;
    private boolean inLine;

    TypedInput(HubConnection hub, String session) {
        this.hub = hub;
        this.session = session;
    }

    @Override
    public boolean send(byte[] bytes, int length) throws CliException {
        SessionInput.send(hub, session, bytes, length);
        inLine = length > 0 ? bytes[length - 1] != '\n' : inLine;
        return true;
    }

    @Override
    public void end() throws CliException {
        SessionInput.send(hub, session, END, inLine ? 2 : 1);
    }
}
