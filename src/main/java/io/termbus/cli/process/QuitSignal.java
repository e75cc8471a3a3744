package io.termbus.cli.process;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * SIGQUIT, which Ctrl-\ sends. The JVM prints a thread dump for it among the standard output and does not give it to
 * {@code sun.misc.Signal}; the C library does. To load JNA takes about 0.1 s of processor time, so that is done beside
 * other work, or not at all. A debugger that attaches to the JVM uses this signal, too, and can no longer.
 */
public final class QuitSignal {
    private static final int QUIT = 3;
    /** Handlers, for {@code signal(2)}. */
    private static final @Nullable Pointer DEFAULT = null;

    private static final Pointer IGNORE = new Pointer(1);
    /** Shorter commands are over before somebody loses patience. */
    private static final long PATIENCE_MILLIS = 1000;

    private static boolean taken;
    /** The JVM's handler, where it was taken away before. */
    private static @Nullable Pointer before;

    private QuitSignal() {}

    /**
     * Has each SIGQUIT run the handler, on a thread of the JVM, from the returned future's completion on. Elsewhere than
     * on Linux with x86-64 the signal is ignored instead; where JNA cannot be loaded it stays the JVM's.
     */
    public static CompletableFuture<Void> take(Runnable handler) {
        return CompletableFuture.runAsync(() -> change(() -> {
            taken = true;
            Pointer present = handle(IGNORE);
            Pointer jvms = before == null ? present : before;
            if (jvms == null || jvms.equals(IGNORE)) {
                handle(jvms); // java -Xrs: the user has chosen
            } else if (QuitThunk.AVAILABLE) {
                Signals.register(QuitThunk.STAND_IN, handler);
                handle(QuitThunk.calling(jvms));
            }
        }));
    }

    /** Has SIGQUIT end this process, as it ends others, where in a second it still runs and has not taken the signal. */
    public static void endsProcess() {
        Thread thread = new Thread(
                () -> {
                    try {
                        TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
                        change(() -> {
                            if (!taken) {
                                before = handle(DEFAULT);
                            }
                        });
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "termbus-quit");
        thread.setDaemon(true);
        thread.start();
    }

    private static synchronized void change(Runnable change) {
        try {
            change.run();
        } catch (LinkageError e) {
            // No native code for this platform, or no directory to load it from: the JVM keeps the signal.
            taken = true;
        }
    }

    /** Returns the handler there was. */
    private static @Nullable Pointer handle(@Nullable Pointer handler) {
        return NativeLibrary.getInstance("c").getFunction("signal").invokePointer(new Object[] {QUIT, handler});
    }
}
