package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.hub.Refusal;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.mcp.McpServer;
import io.termbus.mcp.Reply;
import io.termbus.mcp.ToolCall;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * MCP over two streams: a message a line. What is answered at once goes over one connection, so that leases end with this
 * process; what lasts gets a connection of its own, whose end calls it off.
 */
final class McpPipe {
    /** Calls that are under way; with each line that is too many the client is told so. */
    static final int MAX_CALLS = 64;

    private static final long PROGRESS_MS = 10_000;
    /** How long answers that are on their way at the end of the input may take. */
    private static final long LAST_ANSWERS_MS = 2_000;

    private static final int LIMIT_REACHED = 429;
    private static final int FAULT = 500;
    private static final int UNAVAILABLE = 503;

    private final HubEndpoint hub;
    private final HubConnection main;
    private final McpServer server;
    private final OutputStream out;
    private final ExecutorService workers = Executors.newCachedThreadPool(threads("termbus-mcp"));
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(threads("termbus-mcp-progress"));
    /** By the ids of their requests. */
    private final Map<Object, Call> calls = new ConcurrentHashMap<>();
    /** Empty: the input has ended, or nobody reads the output. */
    private final CompletableFuture<Optional<CliException>> end = new CompletableFuture<>();

    /** @param main for all that is answered at once */
    McpPipe(HubEndpoint hub, HubConnection main, McpServer server, OutputStream out) {
        this.hub = hub;
        this.main = main;
        this.server = server;
        this.out = out;
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Until the input ends; then what lasts is called off. Or until the hub goes; then all calls are answered first. */
    void serve(InputStream in) throws CliException {
        main.watch(this::lost);
        workers.execute(() -> takeAll(new BufferedInputStream(in)));
        try {
            Optional<CliException> why = end.get();
            if (why.isPresent()) {
                throw why.get();
            }
            lastAnswers().get(LAST_ANSWERS_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw CliException.interrupted();
        } catch (ExecutionException | TimeoutException e) {
            throw new CliException(Status.UNAVAILABLE, "the hub has not answered before the end of the input");
        } finally {
            List<Call> rest = List.copyOf(calls.values());
            calls.clear();
            rest.forEach(Call::callOff);
            workers.shutdownNow();
            timer.shutdownNow();
        }
    }

    /** On a thread of its own, as nothing ends the wait for a line. */
    private void takeAll(InputStream in) {
        try {
            for (Optional<String> line = line(in); line.isPresent(); line = line(in)) {
                if (!line.get().isBlank()) {
                    take(line.get());
                }
            }
            end.complete(Optional.empty());
        } catch (CliException e) {
            lost(e);
        } catch (IOException e) {
            end.complete(
                    Optional.of(new CliException(Status.IO, "the standard input cannot be read: " + e.getMessage())));
        } catch (RuntimeException e) {
            end.complete(Optional.of(new CliException(Status.SOFTWARE, "a line is not understood: " + e)));
        }
    }

    private void lost(CliException why) {
        for (Call call : calls.values()) {
            call.ends(null, why);
            call.callOff();
        }
        end.complete(Optional.of(why));
    }

    private CompletableFuture<Void> lastAnswers() {
        return CompletableFuture.allOf(calls.values().stream()
                .filter(call -> call.tool.lastsMs() == 0)
                .map(call -> call.done)
                .toArray(CompletableFuture[]::new));
    }

    /** The next one; of one that is too long its beginning, which is no JSON. Empty: there is no more. */
    private static Optional<String> line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.size() < McpServer.MAX_BYTES) {
                line.write(next);
            }
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
    }

    private void take(String line) throws CliException {
        JsonObject message;
        try {
            message = new JsonObject(line);
        } catch (DecodeException e) {
            print(McpServer.noObject(line.startsWith("[")).message());
            return;
        }
        Reply reply = server.take(message, Optional.empty());
        if (reply instanceof Reply.Done done) {
            print(done.message());
        } else if (reply instanceof Reply.Ask ask) {
            begin(ask.call());
        } else if ("notifications/cancelled".equals(message.getValue("method"))
                && message.getValue("params") instanceof JsonObject params
                && params.getValue("requestId") != null) {
            Optional.ofNullable(calls.remove(params.getValue("requestId"))).ifPresent(Call::callOff);
        }
    }

    /** What is answered at once is asked in the order of the lines. */
    private void begin(ToolCall tool) throws CliException {
        Call call = new Call(tool);
        if (calls.size() >= MAX_CALLS) {
            print(tool.refused(LIMIT_REACHED, calls.size() + " calls are under way already"));
        } else if (calls.putIfAbsent(tool.id(), call) != null) {
            print(tool.refused(LIMIT_REACHED, "a call of this id is under way already"));
        } else if (tool.lastsMs() > 0) {
            workers.execute(call);
        } else {
            main.ask(tool.address(), tool.action(), tool.body()).whenComplete(call::ends);
        }
    }

    /** What cannot be written has no reader. */
    private void print(JsonObject message) {
        byte[] line = (message.encode() + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            try {
                out.write(line);
                out.flush();
            } catch (IOException e) {
                end.complete(Optional.empty());
            }
        }
    }

    /** One call that is under way. */
    private final class Call implements Runnable {
        private final ToolCall tool;
        private final long began = System.nanoTime();
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private Optional<HubConnection> own = Optional.empty();
        private boolean off;

        Call(ToolCall tool) {
            this.tool = tool;
        }

        /** It lasts. */
        @Override
        public void run() {
            ScheduledFuture<?> progress =
                    timer.scheduleAtFixedRate(this::tellProgress, PROGRESS_MS, PROGRESS_MS, TimeUnit.MILLISECONDS);
            try (HubConnection connection = hub.connect()) {
                if (begins(connection)) {
                    Duration longer = Duration.ofMillis(tool.lastsMs());
                    ends(connection.request(tool.address(), tool.action(), tool.body(), longer), null);
                }
            } catch (CliException e) {
                ends(null, e);
            } finally {
                progress.cancel(false);
            }
        }

        private synchronized boolean begins(HubConnection connection) {
            own = Optional.of(connection);
            return !off;
        }

        synchronized void callOff() {
            off = true;
            own.ifPresent(HubConnection::close);
        }

        /** Answers, where it was not called off. */
        void ends(@Nullable JsonObject answer, @Nullable Throwable failure) {
            try {
                synchronized (out) {
                    if (calls.remove(tool.id(), this)) {
                        print(answer != null ? told(answer) : refusal(failure));
                    }
                }
            } finally {
                done.complete(null);
            }
        }

        private JsonObject told(JsonObject answer) {
            try {
                return tool.answered(answer);
            } catch (RuntimeException e) {
                return tool.refused(FAULT, "the hub's answer is not understood: " + e);
            }
        }

        private JsonObject refusal(@Nullable Throwable failure) {
            return failure instanceof Refusal refusal
                    ? tool.refused(refusal.code(), refusal.reason())
                    : tool.refused(UNAVAILABLE, String.valueOf(failure));
        }

        private void tellProgress() {
            synchronized (out) {
                if (calls.get(tool.id()) == this) {
                    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
                    tool.progress(seconds).ifPresent(McpPipe.this::print);
                }
            }
        }
    }
}
