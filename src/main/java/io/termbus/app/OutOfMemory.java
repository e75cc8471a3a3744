package io.termbus.app;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import com.sun.management.GarbageCollectionNotificationInfo;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.slf4j.LoggerFactory;

/**
 * Ends the process at once when memory has run out, so that a supervisor starts it anew: a hub whose threads lose messages
 * in the midst of things is worse than none. Learns of it from threads that die, from what libraries catch and log, and from
 * collections that free next to nothing. Sessions end as with {@code kill -9}: the kernel closes their terminals.
 */
final class OutOfMemory {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(OutOfMemory.class);
    /** The message of the error that tells of no memory but of the limit of threads; the hub goes on. */
    private static final String THREADS = "native thread";
    /** Made beforehand: later there may be no memory for it. */
    private static final byte[] LAST_WORDS = ("termbus: out of memory, the hub ends with status "
                    + ExitCode.OUT_OF_MEMORY
                    + ": give it more (-Xmx, -XX:MaxDirectMemorySize) or lower the limits (session.max,"
                    + " session.stateBytes, connection.max)\n")
            .getBytes(StandardCharsets.UTF_8);

    private final AtomicBoolean over = new AtomicBoolean();
    private final FileOutputStream err;
    private final IntConsumer halt;
    private final HeapWatch watch = new HeapWatch(Runtime.getRuntime().maxMemory());

    /**
     * @param err where the last words go
     * @param halt ends the process with a status, without running anything
     */
    OutOfMemory(FileOutputStream err, IntConsumer halt) {
        this.err = err;
        this.halt = halt;
    }

    /** For the rest of the process' life. */
    static void endsTheProcess() {
        OutOfMemory last = new OutOfMemory(new FileOutputStream(FileDescriptor.err), Runtime.getRuntime()::halt);
        Thread.setDefaultUncaughtExceptionHandler(last::died);
        last.listenToLog();
        last.listenToCollections();
    }

    private void died(Thread thread, Throwable cause) {
        seen(cause);
        LOG.error("thread {} has died", thread.getName(), cause);
    }

    private void listenToLog() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            AppenderBase<ILoggingEvent> ears = new AppenderBase<>() {
                @Override
                protected void append(ILoggingEvent event) {
                    if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
                        seen(proxy.getThrowable());
                    }
                }
            };
            ears.setContext(context);
            ears.start();
            context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(ears);
        }
    }

    private void listenToCollections() {
        Set<String> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getName)
                .collect(Collectors.toSet());
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(
                        (told, handback) -> collected(
                                GarbageCollectionNotificationInfo.from((CompositeData) told.getUserData()), heap),
                        told -> told.getType()
                                .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
                        null);
            }
        }
    }

    private void collected(GarbageCollectionNotificationInfo collection, Set<String> heap) {
        long used = collection.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                .filter(pool -> heap.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
        boolean whole = collection.getGcAction().contains("major");
        if (watch.isOver(whole, used)) {
            end();
        }
    }

    /** Ends the process where the error, or one that led to it, is that of memory. */
    void seen(Throwable error) {
        int depth = 0;
        for (Throwable cause = error; cause != null && depth < 16; cause = cause.getCause(), depth++) {
            if (cause instanceof OutOfMemoryError
                    && !String.valueOf(cause.getMessage()).contains(THREADS)) {
                end();
            }
        }
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            try {
                err.write(LAST_WORDS);
            } catch (IOException e) {
                // nobody listens
            } finally {
                halt.accept(ExitCode.OUT_OF_MEMORY);
            }
        }
    }
}
