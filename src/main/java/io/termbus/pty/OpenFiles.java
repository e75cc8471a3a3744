package io.termbus.pty;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The soft limit of open files that children get. The JVM raises its own to the hard one when it starts, and
 * children inherit; programs that use select() break where it is above 1024.
 *
 * <p>No child can be started with another limit than this process has, so that is lowered for the
 * moment of a start. It fails nobody: only numbers from the limit on cannot be given to new descriptors
 * meanwhile, and where so many are open that it might matter, a child is given its limit when it has
 * started, within microseconds on an idle processor.
 */
final class OpenFiles {
    private static final Logger log = LoggerFactory.getLogger(OpenFiles.class);

    /** Linux' own, systemd's and nearly everybody's. */
    private static final long USUAL = 1024;

    /** How many descriptors may be opened while a child starts, which takes a millisecond; less of a low limit. */
    private static final long ROOM = 256;

    private static final int RLIMIT_NOFILE = Platform.isLinux() ? 7 : 8;
    private static final Pattern LINE = Pattern.compile("(?m)^Max open files +(\\d+|unlimited) +(\\d+|unlimited) ");

    /** Start of a child. */
    @FunctionalInterface
    interface Start<T> {
        T run() throws IOException;
    }

    private static final class Posix {
        static {
            Native.register(Posix.class, "c");
        }

        static native int getrlimit(int resource, long limits);

        static native int setrlimit(int resource, long limits);
    }

    private static final class Linux {
        static {
            Native.register(Linux.class, "c");
        }

        static native int prlimit(int pid, int resource, long limits, long before);

        /** Ahead of the moment when microseconds count. */
        static void load() {
            prlimit(0, RLIMIT_NOFILE, 0, 0);
        }
    }

    /** Both 64 bits; as numbers without sign, where -1 is no limit. */
    record Limits(long soft, long hard) {}

    private final OptionalLong wanted;

    private OpenFiles(OptionalLong wanted) {
        this.wanted = wanted;
    }

    /**
     * @param setting the soft limit; empty: the one that the hub was started with, as far as can be known: its
     *     parent's, where that has the same hard limit and is not the system's first process, else the usual
     */
    static OpenFiles of(OptionalLong setting) {
        if (Platform.isWindows()) {
            return new OpenFiles(OptionalLong.empty());
        }
        if (Platform.isLinux()) {
            Linux.load();
        }
        Optional<Limits> own = current();
        return new OpenFiles(
                own.isEmpty() ? OptionalLong.empty() : OptionalLong.of(wanted(setting, own.get(), ofParent())));
    }

    /** Never more than this process may give. */
    static long wanted(OptionalLong setting, Limits own, Optional<Limits> parent) {
        long started = own.soft() == own.hard()
                ? parent.filter(each -> each.hard() == own.hard())
                        .map(Limits::soft)
                        .orElse(USUAL)
                : own.soft();
        long wanted = setting.orElse(started);
        return Long.compareUnsigned(wanted, own.hard()) > 0 ? own.hard() : wanted;
    }

    /**
     * Starts a child so that it has the limit. One at a time. Any thread.
     *
     * @param newest the newest descriptor of this process: all below it may be open
     * @param pid of the child
     */
    <T> T starting(int newest, Start<T> start, ToIntFunction<T> pid) throws IOException {
        synchronized (OpenFiles.class) {
            Optional<Limits> before = wanted.isEmpty() ? Optional.empty() : current();
            if (before.isEmpty() || before.get().soft() == wanted.getAsLong()) {
                return start.run();
            }
            if (Long.compareUnsigned(newest + Math.min(ROOM, wanted.getAsLong() >>> 2), wanted.getAsLong()) > 0) {
                T started = start.run();
                give(
                        pid.applyAsInt(started),
                        new Limits(wanted.getAsLong(), before.get().hard()));
                return started;
            }
            set(new Limits(wanted.getAsLong(), before.get().hard()));
            try {
                return start.run();
            } finally {
                set(before.get());
            }
        }
    }

    private static Optional<Limits> current() {
        try (Memory limits = new Memory(16)) {
            return Posix.getrlimit(RLIMIT_NOFILE, Pointer.nativeValue(limits)) == 0
                    ? Optional.of(new Limits(limits.getLong(0), limits.getLong(8)))
                    : Optional.empty();
        }
    }

    private static void give(int pid, Limits wanted) {
        try (Memory limits = memory(wanted)) {
            if (Platform.isLinux() && Linux.prlimit(pid, RLIMIT_NOFILE, Pointer.nativeValue(limits), 0) != 0) {
                log.debug("Process {} has ended before it got its limit of open files", pid);
            }
        }
    }

    private static Memory memory(Limits limits) {
        Memory memory = new Memory(16);
        memory.setLong(0, limits.soft());
        memory.setLong(8, limits.hard());
        return memory;
    }

    private static void set(Limits wanted) {
        try (Memory limits = memory(wanted)) {
            if (Posix.setrlimit(RLIMIT_NOFILE, Pointer.nativeValue(limits)) != 0) {
                log.warn("The limit of open files cannot be set to {}", wanted.soft());
            }
        }
    }

    private static Optional<Limits> ofParent() {
        return ProcessHandle.current()
                .parent()
                .map(ProcessHandle::pid)
                .filter(pid -> pid > 1)
                .flatMap(OpenFiles::ofProcess);
    }

    private static Optional<Limits> ofProcess(long pid) {
        try {
            return parse(Files.readString(Path.of("/proc", String.valueOf(pid), "limits"), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The file {@code limits} of a process. */
    static Optional<Limits> parse(String limits) {
        Matcher line = LINE.matcher(limits);
        return line.find() ? Optional.of(new Limits(number(line.group(1)), number(line.group(2)))) : Optional.empty();
    }

    private static long number(String text) {
        return text.equals("unlimited") ? -1 : Long.parseLong(text);
    }
}
