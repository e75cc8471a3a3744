package io.termbus.cli.terminal;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The terminal that this program runs in. From {@link #open} to {@link #close}, which also the end of the
 * JVM calls, it is raw: keys come as they are and output passes untouched. Any thread may call.
 */
public final class LocalTerminal implements AutoCloseable {
    private static final int MAX_SIZE = 1000;
    private static final Size USUAL = new Size(80, 24);
    /** The end of the process waits so long for a write that the terminal does not take. */
    private static final long LAST_WRITE_MILLIS = 500;

    /** A size in cells, each 1..1000. */
    public record Size(int cols, int rows) {
        /** Returns the fields of a request. */
        public JsonObject json() {
            return new JsonObject().put("cols", cols).put("rows", rows);
        }
    }

    private final Terminal terminal;
    private final Attributes original;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final Thread atExit = new Thread(this::leave, "termbus-restore");
    private boolean left;
    /** Undoes what the session did to the terminal. */
    private volatile String undo = ControlSequences.LEAVE;
    /** Asking for it starts a process. */
    private volatile Size size;

    private LocalTerminal(Terminal terminal, OutputStream out) {
        this.terminal = terminal;
        this.out = out;
        this.original = terminal.getAttributes();
        this.size = size(terminal);
    }

    /** Returns whether standard input and output are a terminal. */
    public static boolean present() {
        // From Java 22 on there is a console also where there is no terminal, unless told so.
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }

    /** The size now. Call where a terminal is {@link #present} only. */
    public static Size size() throws CliException {
        try (Terminal terminal = system()) {
            return size(terminal);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Makes the terminal raw. */
    public static LocalTerminal open(OutputStream out, Runnable resized) throws CliException {
        try {
            LocalTerminal opened = new LocalTerminal(system(), out);
            Runtime.getRuntime().addShutdownHook(opened.atExit);
            opened.terminal.setAttributes(raw(opened.original));
            opened.terminal.handle(Terminal.Signal.WINCH, signal -> {
                opened.size = size(opened.terminal);
                resized.run();
            });
            return opened;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    public Size currentSize() {
        return size;
    }

    /** @param sequences what is written last; the newest counts */
    public void leaveBy(String sequences) {
        undo = sequences;
    }

    /** Writes all of it, unless the terminal was left. */
    public void write(byte[] bytes) throws IOException {
        writing.lock();
        try {
            if (!left) {
                out.write(bytes);
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        leave();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM ends: the hook runs, and finds that all is done.
            return;
        }
    }

    /** Undoes what the session did to the terminal. A write that is stuck must not keep the process alive. */
    private void leave() {
        boolean locked = false;
        try {
            locked = writing.tryLock(LAST_WRITE_MILLIS, TimeUnit.MILLISECONDS);
            if (locked && !left) {
                left = true;
                out.write(undo.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException | InterruptedException e) {
            // What can still be done is below.
            left = true;
        } finally {
            terminal.setAttributes(original);
            if (locked) {
                writing.unlock();
            }
        }
    }

    /** Uses stty: JLine's native code (3.30) loses a terminal's speed and line discipline when it sets it back. */
    private static Terminal system() throws IOException {
        return TerminalBuilder.builder()
                .system(true)
                .dumb(false)
                .nativeSignals(false)
                .providers("exec")
                .build();
    }

    private static Size size(Terminal terminal) {
        int cols = terminal.getSize().getColumns();
        int rows = terminal.getSize().getRows();
        return cols < 1 || rows < 1 ? USUAL : new Size(Math.min(cols, MAX_SIZE), Math.min(rows, MAX_SIZE));
    }

    /** Returns the attributes as cfmakeraw changes them. */
    private static Attributes raw(Attributes original) {
        Attributes raw = new Attributes(original);
        raw.setInputFlags(
                EnumSet.of(
                        InputFlag.IGNBRK,
                        InputFlag.BRKINT,
                        InputFlag.PARMRK,
                        InputFlag.ISTRIP,
                        InputFlag.INLCR,
                        InputFlag.IGNCR,
                        InputFlag.ICRNL,
                        InputFlag.IXON),
                false);
        raw.setOutputFlag(OutputFlag.OPOST, false);
        raw.setLocalFlags(
                EnumSet.of(LocalFlag.ECHO, LocalFlag.ECHONL, LocalFlag.ICANON, LocalFlag.ISIG, LocalFlag.IEXTEN),
                false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        return raw;
    }

    private static CliException unusable(IOException e) {
        return new CliException(Status.IO, "the terminal cannot be used: " + e.getMessage());
    }
}
