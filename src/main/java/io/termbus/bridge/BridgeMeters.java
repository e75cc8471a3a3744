package io.termbus.bridge;

import io.termbus.metrics.Histogram;
import io.termbus.metrics.Labels;
import io.termbus.metrics.Meters;
import io.termbus.metrics.Meters.Writer;
import io.termbus.metrics.Tally;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Trait;
import io.vertx.core.AsyncResult;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the connections of a node count together. Any thread. */
public final class BridgeMeters {
    private static final String OTHER = "other";

    /** What {@link HubException#limit} names. */
    static final List<String> LIMITS = List.of(
            "auth.maxFailures",
            "connection.max",
            "connection.maxInputBytesPerSecond",
            "connection.maxPerAddress",
            "connection.maxRequestsPerSecond",
            "connection.maxSubscribers",
            "connection.maxUnflushedBytes",
            "live shares",
            "pending requests of a connection",
            "questions about recordings",
            "reads that wait",
            "session.inputQueueBytes",
            "session.max",
            "session.maxPerUser",
            "session.maxSubscribers",
            "snapshots that wait",
            "waiting messages of a connection",
            "waits of a connection",
            "waits of a session",
            "work of a wait's since",
            OTHER);

    /** Each code of an error, in the order of {@link ErrorCode}. */
    private static final List<Integer> CODES =
            Stream.of(ErrorCode.values()).map(ErrorCode::code).toList();

    private static final List<String> ACTIONS =
            Stream.of(Operation.values()).map(Operation::action).distinct().toList();

    /** Those whose answers take long enough to be looked at one by one. */
    private static final List<String> TIMED = List.of("attach", "create", "snapshot", OTHER);

    /** Of each operation the first series of its requests, and that of its times. */
    private static final int[] FIRST_SERIES = Stream.of(Operation.values())
            .mapToInt(each -> ACTIONS.indexOf(each.action()) * Answer.ALL.size())
            .toArray();

    private static final int[] TIMES = Stream.of(Operation.values())
            .mapToInt(each -> TIMED.indexOf(TIMED.contains(each.action()) ? each.action() : OTHER))
            .toArray();

    private enum Answer {
        OK("ok"),
        CLIENTS_FAULT("4xx"),
        HUBS_FAULT("5xx");

        private static final List<Answer> ALL = List.of(values());
        private static final int FIRST_OF_HUB = 500;
        private final String text;

        Answer(String text) {
            this.text = text;
        }

        static Answer of(int code) {
            return code < FIRST_OF_HUB ? CLIENTS_FAULT : HUBS_FAULT;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private enum LoginOutcome {
        OK,
        WRONG,
        LIMIT,
        UNAVAILABLE,
        REFUSED;

        static LoginOutcome of(ErrorCode error) {
            return switch (error) {
                case NOT_LOGGED_IN -> WRONG;
                case LIMIT_REACHED -> LIMIT;
                case UNAVAILABLE, INTERNAL -> UNAVAILABLE;
                default -> REFUSED;
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final boolean on;
    private final Tally requests;
    private final Histogram requestTimes;
    private final Tally errors;
    private final Tally refusals;
    private final Tally logins;

    BridgeMeters(Meters meters) {
        on = meters.areOn();
        requests = meters.counter(
                Writer.ANY,
                "termbus_requests",
                "Requests of clients; ok also where no answer was asked for.",
                Labels.of("action", ACTIONS).by("code", Answer.ALL));
        requestTimes = meters.histogram(
                Writer.ANY,
                "termbus_request_seconds",
                "From a request to its answer, but of those that wait for something.",
                Labels.of("action", TIMED),
                5,
                25,
                100,
                1000,
                10_000);
        errors = meters.counter(
                Writer.ANY,
                "termbus_errors",
                "Errors that clients were told.",
                Labels.of(
                        "code", Stream.concat(CODES.stream(), Stream.of(OTHER)).toList()));
        refusals = meters.counter(
                Writer.ANY, "termbus_refusals", "What was refused as a limit was reached.", Labels.of("limit", LIMITS));
        logins = meters.counter(
                Writer.ANY,
                "termbus_logins",
                "Logins, by how they ended.",
                Labels.of("outcome", List.of(LoginOutcome.values())));
    }

    /** When a request begins, for {@link #answered}. */
    long now() {
        return on ? System.nanoTime() : 0;
    }

    /** @param began as of {@link #now} */
    void answered(Operation operation, long began, AsyncResult<?> answer) {
        count(operation, answer.succeeded() ? Answer.OK : Answer.of(codeOf(answer.cause())));
        if (on && !operation.is(Trait.LASTS)) {
            requestTimes.record(TIMES[operation.ordinal()], System.nanoTime() - began);
        }
    }

    private static int codeOf(Throwable cause) {
        if (!(cause instanceof ReplyException reply)) {
            return ErrorCode.INTERNAL.code();
        }
        ErrorCode nobody =
                reply.failureType() == ReplyFailure.NO_HANDLERS ? ErrorCode.NOT_FOUND : ErrorCode.UNAVAILABLE;
        return reply.failureType() == ReplyFailure.RECIPIENT_FAILURE ? reply.failureCode() : nobody.code();
    }

    /** Without asking its owner. */
    void refused(Operation operation, HubException why) {
        count(operation, Answer.of(why.error().code()));
    }

    /** Answered by the connection, or sent on where nobody waits for an answer. */
    void done(Operation operation) {
        count(operation, Answer.OK);
    }

    private void count(Operation operation, Answer answer) {
        requests.add(FIRST_SERIES[operation.ordinal()] + answer.ordinal(), 1);
    }

    /** The client is told of an error. */
    void told(int code, String message) {
        if (!on) {
            return;
        }
        int known = CODES.indexOf(code);
        errors.add(known < 0 ? CODES.size() : known, 1);
        if (code == ErrorCode.LIMIT_REACHED.code()) {
            int limit = LIMITS.indexOf(HubException.limitIn(message));
            refusals.add(limit < 0 ? LIMITS.indexOf(OTHER) : limit, 1);
        }
    }

    public void loggedIn() {
        logins.add(LoginOutcome.OK.ordinal(), 1);
    }

    public void loginRefused(HubException why) {
        logins.add(LoginOutcome.of(why.error()).ordinal(), 1);
    }
}
