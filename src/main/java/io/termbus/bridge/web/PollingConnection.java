package io.termbus.bridge.web;

import io.netty.buffer.ByteBuf;
import io.termbus.bridge.BridgeConnection;
import io.termbus.bridge.Dialect;
import io.termbus.bridge.Envelope;
import io.termbus.bridge.Transport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A session of SockJS that polls or streams: what one poll leaves the next one takes. Its polls and posts may come on any
 * event loop; the session lives on that of its first poll, and all but {@link #home}, {@link #isOf} is called there.
 * WebSockets are {@link WebSocketConnection}s.
 */
final class PollingConnection implements Transport {
    /** How long a client may stay away between two polls, in milliseconds. */
    private static final long GAP_MS = 10_000;

    /** A message, and who waits for it to leave. */
    private record Waiting(String message, Promise<Void> flushed) {}

    private final Vertx vertx;
    private final WebContext web;
    private final ContextInternal home;
    private final String id;
    private final PollingOwner owner;
    private final RemoteClient visitor;
    private final Optional<String> token;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable BridgeConnection connection;
    /** Takes frames at the moment. */
    private Optional<Poll> poll = Optional.empty();
    /** Has its last frame, which is on the way to the peer. */
    private Optional<Poll> answering = Optional.empty();

    private Optional<Long> heartbeat = Optional.empty();
    private Optional<Long> gap = Optional.empty();
    private boolean closed;

    /**
     * On any thread; does nothing before the first {@link #poll}.
     *
     * @param home of the verticle
     * @param first request of the session
     */
    PollingConnection(Vertx vertx, WebContext web, ContextInternal home, String id, RoutingContext first) {
        this.vertx = vertx;
        this.web = web;
        this.home = home;
        this.id = id;
        this.owner = PollingOwner.of(first);
        this.visitor = RemoteClient.remembered(first);
        this.token = TokenLogin.remembered(first);
    }

    ContextInternal home() {
        return home;
    }

    /** Whether a request came from who opened the session. */
    boolean isOf(RoutingContext rc) {
        return owner.sent(rc);
    }

    /** A request waits for frames. */
    void poll(Poll next) {
        if (closed) {
            next.end(SockJsFrames.GO_AWAY);
        } else if (poll.isPresent()) {
            next.end(SockJsFrames.STILL_OPEN);
        } else {
            stop(gap);
            poll = Optional.of(next);
            if (connection == null) {
                open();
            } else {
                flush();
            }
        }
    }

    private void open() {
        BridgeConnection opened = new BridgeConnection(vertx, web.hub, this);
        connection = opened;
        heartbeat = Optional.of(vertx.setPeriodic(
                WebSocketConnection.HEARTBEAT_MS, timer -> poll.ifPresent(it -> say(it, SockJsFrames.HEARTBEAT))));
        poll.ifPresent(it -> say(it, SockJsFrames.OPEN));
        opened.open(token, visitor.login(), visitor.user());
    }

    /** The connection of a poll is lost before its answer has come to its end. */
    void lost(Poll which) {
        if (poll.filter(which::equals).isPresent()) {
            leave();
        }
    }

    /** @return whether there is anybody who takes them */
    boolean received(List<String> messages) {
        BridgeConnection open = connection;
        if (closed || open == null) {
            return false;
        }
        messages.forEach(message -> open.received(Buffer.buffer(message)));
        return true;
    }

    @Override
    public Future<Void> write(ByteBuf message) {
        String text = message.toString(StandardCharsets.US_ASCII);
        message.release();
        if (closed) {
            return Future.failedFuture(over());
        }
        Promise<Void> flushed = Promise.promise();
        waiting.add(new Waiting(text, flushed));
        flush();
        return flushed.future();
    }

    /** All that waits, in one frame. */
    private void flush() {
        if (poll.isPresent() && !waiting.isEmpty()) {
            List<Waiting> all = new ArrayList<>(waiting);
            waiting.clear();
            String frame = all.stream().map(Waiting::message).collect(Collectors.joining(",", "a[", "]"));
            say(poll.get(), frame)
                    .onComplete(said -> all.forEach(each -> each.flushed().complete(null, said.cause())));
        }
    }

    /** What the client may not have got cannot be made up for: then the session is over. */
    private Future<Void> say(Poll taker, String frame) {
        boolean last = taker.isFullWith(frame);
        if (last) {
            poll = Optional.empty();
            answering = Optional.of(taker);
        }
        Promise<Void> flushed = home.promise();
        taker.write(frame, last, flushed);
        return flushed.future().onFailure(failure -> leave()).onSuccess(done -> {
            if (answering.filter(taker::equals).isPresent()) {
                answered();
            }
        });
    }

    /** The client may poll again from now on: before it could not have read the answer. */
    private void answered() {
        answering = Optional.empty();
        if (!closed && poll.isEmpty()) {
            stop(gap);
            gap = Optional.of(vertx.setTimer(GAP_MS, timer -> leave()));
        }
    }

    /** The client is gone: it would begin a new session. */
    private void leave() {
        if (!closed) {
            end();
            web.sessions.remove(id, this);
        }
    }

    /** {@link BridgeConnection#closed} may be on the way here. */
    private void end() {
        closed = true;
        stop(gap);
        stop(heartbeat);
        poll = Optional.empty();
        waiting.forEach(each -> each.flushed().fail(over()));
        waiting.clear();
        BridgeConnection ended = connection;
        connection = null;
        if (ended != null) {
            home.runOnContext(now -> ended.closed());
        }
    }

    private void stop(Optional<Long> timer) {
        timer.ifPresent(vertx::cancelTimer);
    }

    private static IOException over() {
        return new IOException("the session is over");
    }

    /** The client is told so with its next poll where there is none at the moment. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        poll.ifPresent(it -> it.end(SockJsFrames.GO_AWAY));
        end();
        if (web.sessions.mayKeepEnded()) {
            vertx.setTimer(GAP_MS, timer -> web.sessions.forgetEnded(id, this));
        } else {
            web.sessions.remove(id, this);
        }
    }

    @Override
    public void abort() {
        Optional<Poll> unread = poll.or(() -> answering);
        close();
        unread.ifPresent(Poll::cut);
    }

    @Override
    public Dialect dialect() {
        return Dialect.SOCKJS;
    }

    @Override
    public Envelope envelope() {
        return SockJsFrames.QUOTES;
    }

    @Override
    public String address() {
        return visitor.address();
    }

    @Override
    public String name() {
        return "sockjs";
    }

    @Override
    public String peer() {
        return visitor.peer();
    }
}
