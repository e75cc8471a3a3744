package io.termbus.cli.attach;

import io.termbus.cli.hub.ConnectionLost;
import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.hub.Refusal;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.CommandContext;
import io.termbus.cli.process.ExitSignals;
import io.termbus.cli.process.QuitSignal;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.SessionEvent;
import io.termbus.cli.session.Sessions;
import io.termbus.cli.session.StopSignal;
import io.termbus.cli.terminal.Containment;
import io.termbus.cli.terminal.ControlSequences;
import io.termbus.cli.terminal.LocalTerminal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A session in this terminal, from attaching to leaving. The thread that runs it decides what happens;
 * the {@link Keyboard}'s thread, the readers of connections and signals tell it what has.
 */
public final class AttachedTerminal {
    /** The line that names the detach key stays so long before the session's screen takes its place. */
    private static final long ANNOUNCE_MILLIS = 800;

    private static final String TERMINAL_NEEDED =
            "standard input and output must be a terminal; in scripts use 'run', 'send' and 'screen'";

    private final HubEndpoint hub;
    private final CommandContext context;
    private final AttachOptions options;
    private final boolean readOnly;
    private final BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();

    /** Finds or creates the session to attach to. */
    public interface Source {
        JsonObject session(HubConnection hub) throws CliException;
    }

    public AttachedTerminal(HubEndpoint hub, CommandContext context, AttachOptions options, boolean readOnly) {
        this.hub = hub;
        this.context = context;
        this.options = options;
        this.readOnly = readOnly;
    }

    /** Returns when the user has left or the session has exited; the terminal is then as it was before. */
    public Outcome run(Source source) throws CliException {
        if (!LocalTerminal.present()) {
            throw new CliException(Status.IO, TERMINAL_NEEDED);
        }
        DetachKey key = options.detachKey();
        int scrollback = options.scrollback();
        ExitSignals.runHooks();
        CompletableFuture<Void> quitTaken = QuitSignal.take(() -> System.exit(StopSignal.QUIT.status()));
        HubConnection connection = hub.connect();
        JsonObject session = source.session(connection);
        if (!Sessions.running(session)) {
            throw new CliException(
                    Status.NO_SESSION,
                    "session '" + Text.printable(Sessions.name(session)) + "' has exited ("
                            + Text.exited(session.getJsonObject("exit")) + "); 'screen' prints its last screen");
        }
        try (LocalTerminal terminal =
                LocalTerminal.open(context.bytes(), () -> events.add(new SessionEvent.Resized()))) {
            Screen screen = new Screen(terminal, session, scrollback, containment(session, key), events);
            SessionConnection link = new SessionConnection(hub, connection, screen, terminal, readOnly, events);
            quitTaken.join();
            announce(terminal, session, key);
            open(link);
            new Keyboard(context.in(), key, readOnly, link, screen, events).start();
            Optional<JsonObject> exit = follow(link);
            link.close();
            return new Outcome(session, exit);
        }
    }

    private void open(SessionConnection link) throws CliException {
        try {
            link.open();
        } catch (Refusal e) {
            throw e.status() == Status.NOT_ALLOWED && !readOnly
                    ? new CliException(e.status(), e.getMessage() + ", or --read-only")
                    : e;
        }
    }

    private void announce(LocalTerminal terminal, JsonObject session, DetachKey key) throws CliException {
        String name = Sessions.name(session);
        String leave = leave(key);
        try {
            if (!options.quiet) {
                String recorded = session.containsKey("recording") ? "; it is recorded" : "";
                String what = (readOnly ? "watching " : "attached to ") + name + ": " + leave + recorded
                        + cut(terminal, session);
                terminal.write((Text.printable(what) + "\r\n").getBytes(StandardCharsets.UTF_8));
                TimeUnit.MILLISECONDS.sleep(ANNOUNCE_MILLIS);
            }
            terminal.write(ControlSequences.enter(
                    title(session, key), terminal.currentSize().rows()));
        } catch (IOException e) {
            throw new CliException(Status.IO, "the terminal cannot be written to: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Containment containment(JsonObject session, DetachKey key) {
        return new Containment(
                Text.printable(title(session, key)), context.directory().toUri().toASCIIString());
    }

    private String title(JsonObject session, DetachKey key) {
        return Sessions.name(session) + " - " + leave(key);
    }

    private String leave(DetachKey key) {
        return key.label() + (readOnly ? " or Ctrl-C leaves" : " detaches");
    }

    private String cut(LocalTerminal terminal, JsonObject session) {
        LocalTerminal.Size size = terminal.currentSize();
        boolean fits = session.getInteger("cols") <= size.cols() && session.getInteger("rows") <= size.rows();
        return fits || !readOnly
                ? ""
                : "; the session is " + Text.size(session) + ", more than this terminal of " + size.cols() + "x"
                        + size.rows() + " shows";
    }

    /** Returns the session's exit; empty where the user has detached. */
    private Optional<JsonObject> follow(SessionConnection link) throws CliException {
        while (true) {
            SessionEvent event = SessionEvent.take(events);
            if (event instanceof SessionEvent.Detached) {
                return Optional.empty();
            } else if (event instanceof SessionEvent.Exited exited) {
                return Optional.of(exited.exit());
            } else if (event instanceof SessionEvent.Failed failed) {
                throw failed.why();
            } else if (event instanceof SessionEvent.Resized) {
                link.claimSize();
            } else if (event instanceof SessionEvent.Ended ended) {
                checkEnd(ended.reason());
                link.attach();
            } else if (event instanceof SessionEvent.Lost lost && link.isBy(lost.connection())) {
                if (!(lost.why() instanceof ConnectionLost)) {
                    throw lost.why();
                }
                if (!link.replace(options.reconnectSeconds, lost.why())) {
                    return Optional.empty();
                }
            }
        }
    }

    /** A subscriber that was too slow for a while may attach again; every other end is for good. */
    private static void checkEnd(String reason) throws CliException {
        if (!List.of("red_zone", "queue_overflow", "stalled").contains(reason)) {
            String why = reason.equals("shutdown") ? "the hub shuts down" : "the hub ended it: " + reason;
            throw new CliException(Status.UNAVAILABLE, why + "; 'ls' shows whether the session is still there");
        }
    }

    /** The end of the attachment; {@code exit} is empty where the user has left. */
    public record Outcome(JsonObject session, Optional<JsonObject> exit) {
        /** Tells the user. */
        public int report(CommandContext context, boolean json) {
            if (json) {
                JsonObject end = new JsonObject()
                        .put("session", Sessions.id(session))
                        .put("end", exit.isPresent() ? "exited" : "detached");
                exit.ifPresent(how -> end.put("exit", how));
                context.out().println(Text.json(end));
            } else {
                String name = Text.printable(Sessions.name(session));
                context.out()
                        .println(exit.map(how -> "[" + name + " has ended: " + Text.exited(how) + "]")
                                .orElseGet(() -> "[detached from " + name + "; 'attach " + Sessions.id(session)
                                        + "' comes back]"));
            }
            return Status.OK;
        }
    }
}
