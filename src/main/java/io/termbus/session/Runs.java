package io.termbus.session;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Types a command at the prompt of a session's shell and answers when it has ended: one at a time, each typed once or not at
 * all. On the session's event loop.
 */
final class Runs {
    /**
     * How long a shell shows its prompt before nothing that was typed is left, in ms. By judgement: where no line is told, it
     * is what a run takes longer after lines that a program has read, or what a prompt may take to read those typed ahead.
     */
    static final long REST_MS = 1000;

    /** What it needs of the session. */
    interface Host {
        /** @return what {@link #cancel} takes */
        long after(long ms, Runnable then);

        void cancel(long timer);

        /** Types it when the program reads. */
        void type(String line);

        /** Offset behind the newest output. */
        long outputBytes();

        /** Output as text, as {@code read} answers it. */
        Future<JsonObject> text(long from, long to, int maxBytes);
    }

    /** One that is under way. */
    private static final class Run {
        private final RunSpec spec;
        private final String typed;
        private final String connection;
        private final Runnable mayType;
        private final Promise<JsonObject> answer = Promise.promise();
        private long timer;
        /** Offset of the output when it was typed; -1: it is not yet. */
        private long typedAt = -1;
        /** The newest command by then. */
        private long lastId;
        /** The last dropped line by then, or since: where it ended. */
        private long droppedAt;
        /** Something that was typed before may begin first. */
        private boolean afterOthers;
        /** Of those lines, how many may be left. */
        private int linesAhead;
        /** What is to be done if no line is left: some that were counted were read by a program. */
        private Optional<Runnable> atRest = Optional.empty();

        private Optional<Long> restTimer = Optional.empty();

        private @Nullable ShellCommand command;

        Run(RunSpec spec, String typed, String connection, Runnable mayType) {
            this.spec = spec;
            this.typed = typed;
            this.connection = connection;
            this.mayType = mayType;
        }

        boolean isTyped() {
            return typedAt >= 0;
        }

        /** Whether a command began after it was typed. Once for each. */
        boolean isNew(ShellCommand other) {
            boolean next = other.id() > lastId;
            if (next) {
                lastId = other.id();
                linesAhead--;
            }
            return next;
        }

        /** Whether a line was dropped after it was typed. Once for each. */
        boolean isNew(ShellCommands.Dropped line) {
            boolean next = line.end() > droppedAt;
            if (next) {
                droppedAt = line.end();
                linesAhead--;
            }
            return next;
        }

        /** Whether a new command is the one. */
        boolean is(ShellCommand other) {
            return !afterOthers
                    || other.line().map(ShellCommands.cut(typed)::equals).orElse(isLast());
        }

        /** No line that was typed before it is left. */
        boolean isLast() {
            return linesAhead < 0;
        }
    }

    private final Host host;
    private final ShellCommands commands;
    private final Optional<Shell> shell;
    private @Nullable Run current;

    /** @param shell empty: it makes no marks with the session's nonce */
    Runs(Host host, ShellCommands commands, Optional<Shell> shell) {
        this.host = host;
        this.commands = commands;
        this.shell = shell;
    }

    /**
     * @param connection whose it is; empty: nobody's
     * @param mayType called just before it is typed; throws where it may not be
     */
    Future<JsonObject> run(RunSpec spec, String connection, Runnable mayType) {
        Shell one = shell.orElseThrow(() -> new HubException(
                ErrorCode.CONFLICT,
                "run needs shell integration, which this session was created without (shellIntegration)"));
        if (current != null) {
            throw busy("another run is under way");
        }
        mustBeFree();
        Run run = new Run(spec, one.typed(spec.command()), connection, mayType);
        current = run;
        run.timer = host.after(Math.max(1, spec.timeoutMs()), () -> expired(run));
        goOn();
        return run.answer.future();
    }

    private void mustBeFree() {
        if (commands.isRunning()) {
            throw busy("a command is running");
        }
        if (commands.isTouched()) {
            throw busy("something is typed at the prompt");
        }
    }

    private static HubException busy(String why) {
        return new HubException(ErrorCode.CONFLICT, "busy: " + why);
    }

    /** The shell shows a prompt, or a command has begun or ended. */
    void goOn() {
        Run run = current;
        if (run == null) {
            return;
        }
        if (!run.isTyped()) {
            type(run);
        } else if (run.command == null) {
            find(run);
        }
        if (run.command != null && run.command.ended()) {
            told(run, run.command);
        }
    }

    private void find(Run run) {
        commands.newest()
                .filter(run::isNew)
                .ifPresent(each -> found(run, run.is(each), each.line().isEmpty(), () -> run.command = each));
        commands.dropped()
                .filter(run::isNew)
                .ifPresent(each -> found(run, run.isLast(), true, () -> notBegun(run, each)));
        if (run.atRest.isPresent() && run.restTimer.isEmpty() && commands.promptsSince(Optional.of(run.typedAt))) {
            run.restTimer = Optional.of(host.after(REST_MS, () -> {
                settle(run);
                goOn();
            }));
        }
    }

    private void found(Run run, boolean sure, boolean perhaps, Runnable settles) {
        stopRest(run);
        run.atRest = Optional.of(settles).filter(each -> sure || perhaps);
        if (sure) {
            settle(run);
        }
    }

    private void settle(Run run) {
        run.atRest.ifPresent(each -> {
            commands.linesRead(Math.max(0, run.linesAhead + 1)); // its own was one of those counted
            each.run();
        });
    }

    private void stopRest(Run run) {
        run.restTimer.ifPresent(host::cancel);
        run.restTimer = Optional.empty();
    }

    /** The line was none that a shell runs. */
    private void notBegun(Run run, ShellCommands.Dropped line) {
        JsonObject answer = new JsonObject().put("started", false);
        line.status().ifPresent(code -> answer.put("exitCode", code));
        tell(run, answer.put("cwd", commands.cwd()), run.typedAt, line.end());
    }

    private void type(Run run) {
        try {
            mustBeFree();
            if (commands.isReady()) {
                run.mayType.run();
                run.typedAt = host.outputBytes();
                run.lastId = commands.newest().map(ShellCommand::id).orElse(0L);
                run.droppedAt = run.typedAt - 1;
                run.linesAhead = commands.linesAhead();
                run.afterOthers = run.linesAhead > 0;
                host.type(run.typed + "\r");
                if (!run.afterOthers) {
                    commands.announce(run.spec.command());
                }
            }
        } catch (HubException e) {
            end(run);
            run.answer.fail(e);
        }
    }

    private void expired(Run run) {
        if (run.command == null) {
            settle(run);
        }
        if (run.command != null) {
            told(run, run.command);
        } else if (current == run && run.isTyped()) {
            tell(run, new JsonObject().put("running", true).put("started", false), run.typedAt, host.outputBytes());
        } else if (current == run) {
            end(run);
            run.answer.fail(busy("the shell showed no prompt within " + run.spec.timeoutMs() + " ms (timeoutMs)"));
        }
    }

    private void told(Run run, ShellCommand command) {
        JsonObject answer = new JsonObject().put("id", command.id());
        if (command.ended()) {
            command.status().ifPresent(code -> answer.put("exitCode", code));
            answer.put("durationMs", command.durationMs());
        } else {
            answer.put("running", true);
        }
        tell(
                run,
                answer.put("cwd", commands.cwd()),
                command.outputFrom(),
                command.ended() ? command.outputTo() : host.outputBytes());
    }

    /** What was run is run, whether its output can be had or not. */
    private void tell(Run run, JsonObject answer, long from, long to) {
        end(run);
        host.text(from, to, run.spec.maxBytes())
                .otherwise(cause -> new JsonObject().put("text", "").put("truncated", true))
                .map(output -> answer.put("text", output.getString("text"))
                        .put("truncated", output.getBoolean("truncated") || output.containsKey("gap")))
                .onComplete(run.answer);
    }

    private void end(Run run) {
        host.cancel(run.timer);
        stopRest(run);
        if (current == run) {
            current = null;
        }
    }

    /** Nobody waits for that of a connection any more: it is not typed if it is not yet. Returns how many those were. */
    int cancel(String connection) {
        Run run = current;
        if (run == null || !run.connection.equals(connection)) {
            return 0;
        }
        end(run);
        run.answer.fail(new HubException(ErrorCode.UNAVAILABLE, "nobody waits for it any more"));
        return 1;
    }

    /** The session has exited; what had begun has ended. */
    void exited() {
        fail(new HubException(ErrorCode.EXITED, "the session has exited before the command began"));
    }

    /** The session is gone. */
    void close() {
        fail(HubException.notFound("the session is gone"));
    }

    private void fail(HubException cause) {
        Run run = current;
        if (run != null) {
            end(run);
            run.answer.fail(cause);
        }
    }
}
