package io.termbus.cli.attach;

import io.termbus.cli.hub.ConnectionLost;
import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.session.Reconnector;
import io.termbus.cli.session.SessionEvent;
import io.termbus.cli.session.Sessions;
import io.termbus.cli.session.Subscription;
import io.termbus.cli.terminal.LocalTerminal;
import io.termbus.protocol.Addresses;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The connection of an attached terminal, which is replaced when it breaks. The thread that runs the
 * attachment changes it; the keyboard's may ask for it.
 */
final class SessionConnection {
    private final HubEndpoint hub;
    private final Screen screen;
    private final LocalTerminal terminal;
    private final boolean readOnly;
    private final BlockingQueue<SessionEvent> events;
    private HubConnection connection;
    private volatile @Nullable HubConnection usable;

    /** @param connection is this object's to close */
    SessionConnection(
            HubEndpoint hub,
            HubConnection connection,
            Screen screen,
            LocalTerminal terminal,
            boolean readOnly,
            BlockingQueue<SessionEvent> events) {
        this.hub = hub;
        this.connection = connection;
        this.screen = screen;
        this.terminal = terminal;
        this.readOnly = readOnly;
        this.events = events;
    }

    boolean isBy(HubConnection other) {
        return connection == other;
    }

    /** Returns the connection for what is typed; null while there is none. */
    @Nullable
    HubConnection usable() {
        return usable;
    }

    /** Follows the connection there is. */
    void open() throws CliException {
        HubConnection current = connection;
        current.watch(why -> events.add(new SessionEvent.Lost(current, why)));
        attach();
    }

    /** Attaches; goes on where the screen stands. */
    void attach() throws CliException {
        LocalTerminal.Size size = terminal.currentSize();
        if (!readOnly && !screen.has(size)) {
            connection.request(Addresses.session(screen.session()), "resize", size.json());
        }
        Subscription.begin(connection, screen.session(), screen.attaching(readOnly), screen.listener(), events);
        usable = connection;
    }

    /** Gives the session this terminal's size, unless only watching. */
    void claimSize() {
        HubConnection current = usable;
        LocalTerminal.Size size = terminal.currentSize();
        if (current != null && !readOnly && !screen.has(size)) {
            try {
                current.tell(Addresses.session(screen.session()), "resize", size.json());
            } catch (ConnectionLost e) {
                // The reader notices, too, and tells.
                usable = null;
            }
        }
    }

    /** Connects again; returns false where the user has left meanwhile. */
    boolean replace(int seconds, CliException lost) throws CliException {
        usable = null;
        connection.close();
        Reconnector reconnecting = new Reconnector(
                events,
                SessionEvent.Detached.class::isInstance,
                () -> screen.notice("no connection to the hub, trying again"));
        return reconnecting.run(seconds, lost, () -> {
            connection = hub.connect();
            Sessions.find(connection, screen.session());
            open();
        });
    }

    void close() {
        connection.close();
    }
}
