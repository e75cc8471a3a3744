package io.termbus.app;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.termbus.audit.Audit;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.LoggerFactory;

/**
 * The file of {@code audit.file}: nothing but the JSON lines, mode 0600, of bounded size. Where it cannot be written, the
 * log says so once; the first line that can be written again says how many were lost. They are on stderr in any case.
 */
final class AuditFile extends AppenderBase<ILoggingEvent> {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(AuditFile.class);
    private static final long MAX_FILE_BYTES = 16 << 20;
    static final int OLD_FILES = LineFile.OLD_FILES;

    private final LineFile file;
    private long lost;
    private String since = "";
    private String why = "";

    AuditFile(LineFile file) {
        this.file = file;
    }

    /** From now on the audit log goes to {@code file} as well. Blocks. */
    static void open(Path file) throws IOException {
        open(file, MAX_FILE_BYTES);
    }

    static AuditFile open(Path file, long maxBytes) throws IOException {
        return open(new LineFile(file, maxBytes));
    }

    static AuditFile open(LineFile file) throws IOException {
        file.open();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        AuditFile appender = new AuditFile(file);
        appender.setContext(context);
        appender.setName("audit " + file.path());
        appender.start();
        Logger audit = context.getLogger(Audit.LOGGER);
        audit.addAppender(appender);
        return appender;
    }

    /** One event at a time: the caller holds the lock. */
    @Override
    protected void append(ILoggingEvent event) {
        try {
            tellLoss();
            file.append(event.getFormattedMessage());
        } catch (IOException e) {
            lose(e);
        }
    }

    @Override
    public synchronized void stop() {
        super.stop();
        try {
            tellLoss();
            file.close();
        } catch (IOException e) {
            LOG.error("audit file {}: {} lines are lost", file.path(), lost, e);
        }
    }

    private void lose(IOException cause) {
        if (lost == 0) {
            since = now();
            why = String.valueOf(cause.getMessage());
            LOG.error(
                    "audit file {} cannot be written, its lines are lost until it can (audit.file)",
                    file.path(),
                    cause);
        }
        lost++;
    }

    private void tellLoss() throws IOException {
        if (lost == 0) {
            return;
        }
        file.append(new JsonObject()
                .put("time", now())
                .put("event", "lost")
                .put("count", lost)
                .put("since", since)
                .put("outcome", why)
                .encode());
        LOG.warn("audit file {} is written again; {} lines since {} are lost", file.path(), lost, since);
        lost = 0;
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
