package io.termbus.cli.process;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.jline.utils.Signals;

/**
 * Signals that end a process where nothing handles them. At HUP, INT and TERM the JVM runs its shutdown hooks first; at
 * these it does not, unless it is told, and at USR2, which it uses itself, it crashes and prints a report among the
 * standard output. {@link QuitSignal} is for QUIT.
 */
public final class ExitSignals {
    private static final String OF_THE_JVM = "USR2";
    private static final List<String> NAMES =
            List.of("USR1", OF_THE_JVM, "ALRM", "ABRT", "TRAP", "SYS", "XCPU", "VTALRM", "PROF", "IO", "PWR");

    private ExitSignals() {}

    /** Has USR2 end this process as it ends others. */
    public static void endProcess() {
        Signals.registerDefault(OF_THE_JVM);
    }

    /** Has them all end the JVM in order, with the status that shells report; those that are ignored stay so. */
    public static void runHooks() {
        for (String name : NAMES) {
            try {
                int number = number(name);
                Object before = Signals.register(name, () -> System.exit(Status.SIGNALLED + number));
                if (ignoring().equals(before)) {
                    Signals.unregister(name, before);
                }
            } catch (InvocationTargetException e) {
                continue; // this system has no such signal
            } catch (ReflectiveOperationException e) {
                return; // nor has this JVM signals
            }
        }
    }

    /** By reflection, as javac's warning about the class cannot be suppressed. */
    private static int number(String name) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Signal");
        return (int) type.getMethod("getNumber")
                .invoke(type.getConstructor(String.class).newInstance(name));
    }

    private static Object ignoring() throws ReflectiveOperationException {
        return Class.forName("sun.misc.SignalHandler").getField("SIG_IGN").get(null);
    }
}
