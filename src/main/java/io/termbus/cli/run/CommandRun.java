package io.termbus.cli.run;

import io.termbus.cli.hub.ConnectionLost;
import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.hub.Refusal;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.QuitSignal;
import io.termbus.cli.process.Status;
import io.termbus.cli.session.Reconnector;
import io.termbus.cli.session.SessionEvent;
import io.termbus.cli.session.Sessions;
import io.termbus.cli.session.StopSignal;
import io.termbus.cli.session.Subscription;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * A command in a session of its own, from its creation to its end. No byte of its output is left out: the
 * session waits for this subscriber, and the program for this reader.
 */
public final class CommandRun {
    private final HubEndpoint hub;
    private final Sink sink;
    private final int reconnectSeconds;
    private final BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> quitTaken;
    private HubConnection connection;
    private String session = "";
    private volatile long offset;
    private @Nullable StopSignal ended;

    /** Writes the command's output. */
    public interface Sink {
        default void created(JsonObject session) throws IOException {}

        void output(byte[] bytes, long offset) throws IOException;

        default void exited(JsonObject exit) throws IOException {}
    }

    public CommandRun(HubEndpoint hub, Sink sink, int reconnectSeconds) throws CliException {
        this.hub = hub;
        this.sink = sink;
        this.reconnectSeconds = reconnectSeconds;
        this.quitTaken = QuitSignal.take(() -> events.add(new SessionEvent.Signalled(StopSignal.QUIT)));
        this.connection = hub.connect();
    }

    /**
     * @param body of the {@code create}
     * @param stdin what the command reads; null: what is typed into its session
     * @param terminal the command reads its terminal: input is typed into it and echoed, queries are answered
     * @return the status to exit with
     */
    public int run(JsonObject body, @Nullable InputStream stdin, boolean terminal) throws CliException {
        for (StopSignal each : EnumSet.complementOf(EnumSet.of(StopSignal.QUIT))) {
            Signals.register(each.name(), () -> events.add(new SessionEvent.Signalled(each)));
        }
        body.put("rawOutput", true)
                .put("waitForSubscriber", true)
                .put("echo", terminal)
                .put("answers", terminal ? "raw" : "never");
        if (stdin != null && !terminal) {
            body.put("stdin", "pipe");
        }
        try {
            quitTaken.join();
            JsonObject created = create(body);
            session = Sessions.id(created);
            sink.created(created);
            follow();
            if (stdin != null) {
                InputForwarder.Target target =
                        terminal ? new TypedInput(connection, session) : new PipedInput(connection, session);
                new InputForwarder(stdin, target, events).start();
            }
            return untilExit();
        } catch (IOException e) {
            return outputFailed(e);
        } finally {
            connection.close();
        }
    }

    private JsonObject create(JsonObject body) throws CliException {
        try {
            return connection.request(Addresses.HUB, "create", body);
        } catch (Refusal e) {
            throw startFailure(e);
        }
    }

    /** A command that cannot be started has the statuses that env, sh and docker have for it, too. */
    private static CliException startFailure(Refusal refusal) {
        String message = String.valueOf(refusal.getMessage());
        if (refusal.code() != Refusal.MALFORMED || !message.startsWith("field 'command'")) {
            return refusal;
        }
        boolean missing = message.contains("not found in PATH")
                || message.contains("does not exist")
                || message.contains("No such file")
                || message.contains("must name a program");
        return new CliException(missing ? Status.COMMAND_NOT_FOUND : Status.COMMAND_NOT_EXECUTABLE, message);
    }

    private void follow() throws CliException {
        HubConnection current = connection;
        current.watch(why -> events.add(new SessionEvent.Lost(current, why)));
        JsonObject options = new JsonObject()
                .put("mode", "write")
                .put("lag", "block")
                .put("hold", "unlimited")
                .put("scrollback", 0)
                .put("from", offset);
        Subscription.begin(current, session, options, new Output(), events);
    }

    private int untilExit() throws CliException, IOException {
        while (true) {
            SessionEvent event = SessionEvent.take(events);
            if (event instanceof SessionEvent.Exited exited) {
                sink.exited(exited.exit());
                return ended != null ? ended.status() : exited.exit().getInteger("code");
            } else if (event instanceof SessionEvent.Signalled signalled) {
                pass(signalled.signal());
            } else if (event instanceof SessionEvent.OutputFailed failed) {
                return outputFailed(failed.cause());
            } else if (event instanceof SessionEvent.Failed failed) {
                command("kill", new JsonObject());
                throw failed.why();
            } else if (event instanceof SessionEvent.Ended over) {
                throw new CliException(
                        Status.UNAVAILABLE,
                        "the hub ended it: " + over.reason() + "; what came after that is not printed");
            } else if (event instanceof SessionEvent.Lost lost && lost.connection() == connection) {
                reconnect(lost.why());
            }
        }
    }

    /** What keys send is the command's to answer; other signals end the session, and its end ends this. */
    private void pass(StopSignal signal) throws CliException {
        if (signal == StopSignal.INT || signal == StopSignal.QUIT) {
            command("signal", new JsonObject().put("signal", signal.name()));
        } else {
            ended = signal;
            command("kill", new JsonObject());
        }
    }

    /** Refused where the session has just exited, which is told by a delivery. */
    private void command(String action, JsonObject body) throws CliException {
        try {
            connection.request(Addresses.session(session), action, body);
        } catch (Refusal e) {
            if (e.status() != Status.NO_SESSION) {
                throw e;
            }
        }
    }

    private void reconnect(CliException lost) throws CliException {
        if (!(lost instanceof ConnectionLost)) {
            throw lost;
        }
        connection.close();
        Reconnector reconnecting = new Reconnector(
                events,
                event -> event instanceof SessionEvent.Signalled || event instanceof SessionEvent.Failed,
                () -> {});
        boolean connected = reconnecting.run(reconnectSeconds, lost, () -> {
            connection = hub.connect();
            Sessions.find(connection, session);
            follow();
        });
        if (!connected) {
            throw lost;
        }
    }

    private int outputFailed(IOException cause) throws CliException {
        command("kill", new JsonObject());
        return Status.ofClosedOutput(cause);
    }

    private final class Output implements Subscription.Listener {
        /** A snapshot stands for output that is no longer there. */
        @Override
        public void snapshot(int cols, int rows, byte[] bytes, long newOffset) {
            String lost = "output from byte " + offset + " to " + newOffset + " is lost";
            events.add(new SessionEvent.Failed(new CliException(
                    Status.UNAVAILABLE,
                    lost + ": the connection was away while the command wrote more than the hub keeps")));
        }

        @Override
        public void output(byte[] bytes, long newOffset) throws IOException {
            sink.output(bytes, newOffset);
            offset = newOffset;
        }

        @Override
        public void failed(IOException cause) {
            events.add(new SessionEvent.OutputFailed(cause));
        }
    }
}
