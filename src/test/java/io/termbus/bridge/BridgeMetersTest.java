package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.metrics.Meter;
import io.termbus.metrics.Meters;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BridgeMetersTest {
    private static final Pattern LIMIT = Pattern.compile("HubException\\s*\\.limit\\(\\s*\"([^\"]+)\"");

    private final Meters all = Meters.on();
    private final BridgeMeters meters = new BridgeMeters(all);

    private Meter meter(String name) {
        return all.all().stream()
                .filter(each -> each.name().equals("termbus_" + name))
                .findFirst()
                .orElseThrow();
    }

    private long count(String name, String... labels) {
        return meter(name).count(meter(name).labels().series().indexOf(List.of(labels)));
    }

    @Test
    void requestsAreCountedByActionAndWhoseFaultItWas() {
        meters.done(Operation.ACK);
        meters.answered(Operation.CREATE, meters.now(), Future.succeededFuture());
        meters.refused(Operation.CREATE, HubException.limit("session.max", "no"));
        meters.answered(Operation.KILL, meters.now(), failed(ReplyFailure.RECIPIENT_FAILURE, 410));
        meters.answered(Operation.KILL, meters.now(), failed(ReplyFailure.NO_HANDLERS, -1));
        meters.answered(Operation.KILL, meters.now(), failed(ReplyFailure.TIMEOUT, -1));
        meters.answered(Operation.KILL, meters.now(), Future.failedFuture(new IllegalStateException()));

        assertThat(count("requests", "ack", "ok")).isEqualTo(1);
        assertThat(count("requests", "create", "ok")).isEqualTo(1);
        assertThat(count("requests", "create", "4xx")).isEqualTo(1);
        assertThat(count("requests", "kill", "4xx")).isEqualTo(2);
        assertThat(count("requests", "kill", "5xx")).isEqualTo(2);
        assertThat(count("requests", "kill", "ok")).isZero();
    }

    private static Future<Object> failed(ReplyFailure type, int code) {
        return Future.failedFuture(new ReplyException(type, code, "no"));
    }

    @Test
    void answersThatTakeTimeAreMeasuredByActionAndWaitsAreNot() {
        meters.answered(Operation.ATTACH, meters.now(), Future.succeededFuture());
        meters.answered(Operation.LIST, meters.now(), Future.succeededFuture());
        meters.answered(Operation.WAIT, meters.now(), Future.succeededFuture());

        Meter times = meter("request_seconds");
        assertThat(times.labels().series().stream().map(each -> each.get(0)))
                .containsExactly("attach", "create", "snapshot", "other");
        assertThat(Stream.of(0, 1, 2, 3)
                        .map(series -> LongStream.of(times.buckets(series)).sum()))
                .containsExactly(1L, 0L, 0L, 1L);
    }

    @Test
    void aRefusalNamesItsLimitAlsoWhereItComesFromElsewhere() {
        meters.told(429, HubException.limit("session.max", "all (64) are taken").getMessage());
        meters.told(429, "made by another");
        meters.told(404, "no such session (session.max)");
        meters.told(418, "");

        assertThat(count("refusals", "session.max")).isEqualTo(1);
        assertThat(count("refusals", "other")).isEqualTo(1);
        assertThat(count("errors", "429")).isEqualTo(2);
        assertThat(count("errors", "404")).isEqualTo(1);
        assertThat(count("errors", "other")).isEqualTo(1);
    }

    @Test
    void everyLimitOfTheHubHasASeries() throws IOException {
        TreeSet<String> named = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source :
                    sources.filter(each -> each.toString().endsWith(".java")).toList()) {
                LIMIT.matcher(Files.readString(source)).results().forEach(found -> named.add(found.group(1)));
            }
        }
        named.add("other");

        assertThat(BridgeMeters.LIMITS).containsExactlyInAnyOrderElementsOf(named);
    }

    @Test
    void loginsAreCountedByOutcome() {
        meters.loggedIn();
        meters.loginRefused(new HubException(ErrorCode.NOT_LOGGED_IN, "wrong token"));
        meters.loginRefused(HubException.limit("auth.maxFailures", "wait"));
        meters.loginRefused(new HubException(ErrorCode.CONFLICT, "already"));

        assertThat(count("logins", "ok")).isEqualTo(1);
        assertThat(count("logins", "wrong")).isEqualTo(1);
        assertThat(count("logins", "limit")).isEqualTo(1);
        assertThat(count("logins", "refused")).isEqualTo(1);
        assertThat(count("logins", "unavailable")).isZero();
    }
}
