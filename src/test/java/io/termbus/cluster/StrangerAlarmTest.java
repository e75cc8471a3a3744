package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The log, while members with another admin token are there. */
@Timeout(30)
class StrangerAlarmTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(StrangerAlarm.class);
    private final BlockingQueue<ILoggingEvent> said = new LinkedBlockingQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            said.add(event);
        }
    };

    private final Vertx vertx = Vertx.vertx();
    private volatile List<String> strangers = List.of();

    @BeforeEach
    void listen() throws Exception {
        appender.start();
        log.addAppender(appender);
        vertx.deployVerticle(new StrangerAlarm(() -> strangers, Duration.ofMillis(10)))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        log.detachAppender(appender);
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void namesThemAgainAndAgain() throws Exception {
        assertThat(said).isEmpty();

        strangers = List.of("node-1", "node-2");

        for (int i = 0; i < 3; i++) {
            ILoggingEvent next = said.poll(10, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            assertThat(next.getLevel()).isEqualTo(Level.ERROR);
            assertThat(next.getFormattedMessage()).contains("another admin token", "node-1, node-2");
        }
    }
}
