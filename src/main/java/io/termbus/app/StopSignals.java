package io.termbus.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.ObjIntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM, SIGINT and SIGHUP. A shutdown hook would not do: the JVM ignores a second signal while hooks run. The class
 * of the JDK that does, {@code sun.misc.Signal}, is called by reflection, as javac's warning about it cannot be
 * suppressed. A signal that the parent had ignored, as {@code nohup} does, stays ignored.
 */
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");
    /** What a shell reports for a process that died of signal n is this plus n. */
    private static final int KILLED_BY = 128;

    private final CompletableFuture<String> first = new CompletableFuture<>();
    private volatile Runnable lastAct = () -> {};

    private StopSignals() {}

    /** Takes the signals over from the JVM: the first ends {@link #await}, the second ends the process at once. */
    static StopSignals install() {
        StopSignals signals = new StopSignals();
        take(NAMES, signals::received);
        return signals;
    }

    /** They do nothing, also in a program that comes in this one's place, until that takes them. */
    static void ignore(List<String> names) {
        handle(names, handlerType -> handlerType.getField("SIG_IGN").get(null));
    }

    /** Takes signals over from the JVM. @param received hears a signal's name and number, on a thread of its own */
    static void take(List<String> names, ObjIntConsumer<String> received) {
        handle(
                names,
                handlerType -> Proxy.newProxyInstance(
                        StopSignals.class.getClassLoader(), new Class<?>[] {handlerType}, (self, method, args) -> {
                            if (method.getName().equals("handle")) {
                                Object number = args[0].getClass()
                                        .getMethod("getNumber")
                                        .invoke(args[0]);
                                received.accept(String.valueOf(args[0]), (int) number);
                                return null;
                            }
                            return method.getName().equals("hashCode")
                                    ? (Object) System.identityHashCode(self)
                                    : self == args[0];
                        }));
    }

    /** Makes a handler, of the type that it gets. */
    private interface HandlerMaker {
        Object make(Class<?> handlerType) throws ReflectiveOperationException;
    }

    private static void handle(List<String> names, HandlerMaker maker) {
        try {
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Object handler = maker.make(handlerType);
            Method handle = signalType.getMethod("handle", signalType, handlerType);
            for (String name : names) {
                handle.invoke(null, signalType.getConstructor(String.class).newInstance(name), handler);
            }
        } catch (InvocationTargetException e) {
            LOG.warn("a signal cannot be handled, the JVM's default holds: {}", String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            LOG.warn("signals cannot be handled, the JVM's defaults hold", e);
        }
    }

    /** What the second signal still does before the process ends; must not take long. */
    void beforeSecond(Runnable act) {
        lastAct = act;
    }

    /** Blocks until the first signal. */
    String await() throws InterruptedException {
        try {
            return first.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void received(String name, int number) {
        if (!first.complete(name)) {
            lastAct.run();
            Runtime.getRuntime().halt(KILLED_BY + number);
        }
    }
}
