package io.termbus.support;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** The log of this JVM, kept in memory instead of printed. Any thread may log. */
final class CapturedLog extends AppenderBase<ILoggingEvent> {
    /** As much as one reads; a flood of refusals must not cost the tests their memory. */
    private static final int MAX_LINES = 400;

    private static final CapturedLog INSTANCE = new CapturedLog();

    private final PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    private final Deque<String> lines = new ArrayDeque<>();
    private long dropped;

    private CapturedLog() {}

    /** Takes the place of the appenders that {@code conf/logback.xml} has. Idempotent. */
    static void begin() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (INSTANCE.isStarted() || !(factory instanceof LoggerContext context)) {
            return;
        }
        INSTANCE.encoder.setContext(context);
        INSTANCE.encoder.setPattern("%d{HH:mm:ss.SSS} [%thread] %-5level %logger{0} %msg%n%ex{full}");
        INSTANCE.encoder.start();
        INSTANCE.setContext(context);
        INSTANCE.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(INSTANCE);
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = new String(encoder.encode(event), StandardCharsets.UTF_8);
        synchronized (lines) {
            lines.addLast(line);
            if (lines.size() > MAX_LINES) {
                lines.removeFirst();
                dropped++;
            }
        }
    }

    /** What was logged since the last call, the newest {@value #MAX_LINES} entries of it. */
    static String take() {
        Deque<String> lines = INSTANCE.lines;
        synchronized (lines) {
            String head = INSTANCE.dropped == 0 ? "" : "(" + INSTANCE.dropped + " earlier entries are left out)\n";
            String all = head + String.join("", List.copyOf(lines));
            lines.clear();
            INSTANCE.dropped = 0;
            return all;
        }
    }
}
