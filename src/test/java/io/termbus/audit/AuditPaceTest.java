package io.termbus.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(20)
class AuditPaceTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(Audit.LOGGER);
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final Deque<Runnable> due = new ArrayDeque<>();
    private long now = 1_000_000_000L;
    private final AuditPace pace = new AuditPace(() -> now, (ms, task) -> {
        assertThat(ms).isEqualTo(AuditPace.LINE_MS);
        due.add(task);
    });

    @BeforeEach
    void start() {
        written.start();
        logger.addAppender(written);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(written);
    }

    private List<JsonObject> lines() {
        return written.list.stream()
                .map(each -> new JsonObject(each.getFormattedMessage()))
                .toList();
    }

    private void say(String user, String event, String outcome, int times) {
        for (int i = 0; i < times; i++) {
            pace.record(user, event, new JsonObject().put("user", user), outcome);
        }
    }

    private void secondPasses() {
        now += TimeUnit.MILLISECONDS.toNanos(AuditPace.LINE_MS);
        List<Runnable> tasks = List.copyOf(due);
        due.clear();
        tasks.forEach(Runnable::run);
    }

    private long told() {
        return lines().stream().mapToLong(line -> line.getLong("times", 1L)).sum();
    }

    @Test
    void whatPeopleDoIsALineEach() {
        say("ann", "attach", Audit.OK, AuditPace.BURST_LINES);
        assertThat(lines()).hasSize(AuditPace.BURST_LINES).noneMatch(line -> line.containsKey("times"));
        assertThat(due).isEmpty();
    }

    @Test
    void aFloodIsALineASecondThatSaysHowManyThereWere() {
        say("guest", "create", "needs role admin", 10_000);
        assertThat(lines()).hasSize(AuditPace.BURST_LINES);
        for (int second = 0; second < 1000; second++) {
            secondPasses();
            say("guest", "create", "needs role admin", 1000);
        }
        assertThat(lines()).hasSize(AuditPace.BURST_LINES + 1000);
        JsonObject first = lines().get(AuditPace.BURST_LINES);
        assertThat(first.getLong("times")).isEqualTo(10_000 - AuditPace.BURST_LINES);
        assertThat(first.getString("outcome")).isEqualTo("needs role admin");
        assertThat(first.getString("user")).isEqualTo("guest");

        secondPasses();

        assertThat(due).isEmpty();
        assertThat(told()).isEqualTo(10_000 + 1000 * 1000);
    }

    @Test
    void kindsTakeTurnsAndNoneIsLost() {
        say("guest", "login", Audit.OK, AuditPace.BURST_LINES);
        say("guest", "attach", Audit.OK, 5);
        say("guest", "attach", "no such session", 7);
        say("guest", "create", "needs role admin", 11);
        int before = lines().size();
        while (!due.isEmpty()) {
            assertThat(due).hasSize(1);
            secondPasses();
        }
        assertThat(lines().subList(before, lines().size()))
                .extracting(line -> line.getString("event") + " " + line.getLong("times"))
                .containsExactly("attach 5", "attach 7", "create 11");
    }

    @Test
    void othersAreNotHeldUpAndWhoIsQuietWritesAtOnceAgain() {
        say("guest", "create", "needs role admin", 500);
        say("ann", "attach", Audit.OK, 1);
        assertThat(lines().get(AuditPace.BURST_LINES).getString("user")).isEqualTo("ann");
        secondPasses();
        int before = lines().size();
        now += TimeUnit.SECONDS.toNanos(3);
        say("guest", "attach", Audit.OK, 4);
        assertThat(lines()).hasSize(before + 3);
    }

    @Test
    void whoIsForgottenHasItsLinesWritten() {
        say("guest", "create", "needs role admin", AuditPace.BURST_LINES + 9);
        for (int i = 0; i < AuditPace.MAX_REMEMBERED; i++) {
            say("user:" + i, "login", Audit.OK, 1);
        }
        say("guest", "create", "needs role admin", 1);
        secondPasses();
        assertThat(told()).isEqualTo(AuditPace.BURST_LINES + 9 + AuditPace.MAX_REMEMBERED + 1);
    }

    @Test
    void wordsOfClientsAreShortened() {
        Audit.record("create", new JsonObject().put("id", "x".repeat(1 << 20)).put("count", 3), "y".repeat(1 << 20));
        JsonObject line = lines().get(0);
        assertThat(line.getString("id")).hasSize(Audit.MAX_FACT_CHARS + 1).endsWith("…");
        assertThat(line.getString("outcome")).hasSize(Audit.MAX_FACT_CHARS + 1);
        assertThat(line.getInteger("count")).isEqualTo(3);
    }

    @Test
    void whatAForgottenCauseHoldsIsWritten() {
        say("ann", "attach", Audit.OK, AuditPace.BURST_LINES + 5);
        for (int i = 0; i < AuditPace.MAX_REMEMBERED; i++) {
            pace.record("other " + i, "attach", new JsonObject().put("user", "other"), Audit.OK);
        }

        assertThat(lines())
                .filteredOn(line -> line.getString("user").equals("ann"))
                .hasSize(AuditPace.BURST_LINES + 1)
                .last()
                .extracting(line -> line.getInteger("times"))
                .isEqualTo(5);
        int before = lines().size();
        secondPasses();
        pace.finish();
        assertThat(lines()).hasSize(before);
    }

    @Test
    void whatIsHeldWhenTheHubEndsIsWritten() {
        say("ann", "attach", Audit.OK, AuditPace.BURST_LINES + 5);
        say("bob", "attach", "forbidden", AuditPace.BURST_LINES + 7);
        int before = lines().size();

        pace.finish();

        assertThat(lines().subList(before, lines().size()))
                .extracting(line -> line.getString("user") + " " + line.getInteger("times"))
                .containsExactlyInAnyOrder("ann 5", "bob 7");
        secondPasses();
        assertThat(lines()).hasSize(before + 2);

        say("ann", "attach", Audit.OK, 1);
        assertThat(lines()).hasSize(before + 3);
    }
}
