package io.termbus.app;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import io.termbus.audit.Audit;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.LoggerFactory;

/** The file of {@code audit.file}: nothing but the JSON lines, mode 0600, of bounded size. */
final class AuditFile extends RollingFileAppender<ILoggingEvent> {
    private static final long MAX_FILE_BYTES = 16 << 20;
    /** Files that are kept beside the one that is written. */
    static final int OLD_FILES = 4;

    private AuditFile() {}

    /** From now on the audit log goes to {@code file} as well. Blocks. */
    static void open(Path file) throws IOException {
        open(file, MAX_FILE_BYTES);
    }

    static AuditFile open(Path file, long maxBytes) throws IOException {
        create(file);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        AuditFile appender = new AuditFile();
        appender.setContext(context);
        appender.setName("audit " + file);
        appender.setFile(file.toString());
        appender.setEncoder(encoder(context));
        appender.setRollingPolicy(rolling(context, appender, file));
        FullFile full = new FullFile(context, maxBytes);
        full.start();
        appender.setTriggeringPolicy(full);
        appender.start();
        Logger audit = context.getLogger(Audit.LOGGER);
        audit.addAppender(appender);
        return appender;
    }

    /** Also where a new file follows a full one. */
    @Override
    public void openFile(String name) throws IOException {
        create(Path.of(name));
        super.openFile(name);
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(file)) {
                throw e;
            }
        }
    }

    private static PatternLayoutEncoder encoder(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern("%msg%n");
        encoder.start();
        return encoder;
    }

    private static FixedWindowRollingPolicy rolling(LoggerContext context, AuditFile appender, Path file) {
        FixedWindowRollingPolicy policy = new FixedWindowRollingPolicy();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(file + ".%i");
        policy.setMinIndex(1);
        policy.setMaxIndex(OLD_FILES);
        policy.start();
        return policy;
    }

    /** Logback's own looks at the size once a minute. */
    private static final class FullFile extends TriggeringPolicyBase<ILoggingEvent> {
        private final long maxBytes;

        private FullFile(LoggerContext context, long maxBytes) {
            this.maxBytes = maxBytes;
            setContext(context);
        }

        @Override
        public boolean isTriggeringEvent(File file, ILoggingEvent event) {
            return file.length() >= maxBytes;
        }
    }
}
