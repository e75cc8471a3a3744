package io.termbus.security;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What the hub logs as errors; what it logs of refusals, of which a fuzzer makes many, is switched off meanwhile. */
final class HubErrors extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    private final Logger audit = (Logger) LoggerFactory.getLogger("termbus.audit");
    private final Logger hub = (Logger) LoggerFactory.getLogger("io.termbus");
    private final Queue<String> texts = new ConcurrentLinkedQueue<>();

    HubErrors() {
        audit.setLevel(Level.OFF);
        hub.setLevel(Level.ERROR);
        root.addAppender(this);
        start();
    }

    List<String> texts() {
        return List.copyOf(texts);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            texts.add(event.getLoggerName() + ": " + event.getFormattedMessage());
        }
    }

    @Override
    public void close() {
        root.detachAppender(this);
        audit.setLevel(Level.INFO);
        hub.setLevel(Level.INFO);
    }
}
