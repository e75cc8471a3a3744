package io.termbus.support;

import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Holds every test class to what {@link io.termbus.support} says. */
public final class CleanTests implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(CleanTests.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        // Awaitility takes whatever any thread throws for the failure of the test that waits; Strays looks whose it is.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        Strays.begin();
        CapturedLog.begin();
        context.getStore(NAMESPACE).put(Leftovers.class, new Leftovers());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<Throwable> strays = Strays.take();
        tell(context, !strays.isEmpty() || context.getExecutionException().isPresent());
        fail(strays);
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        List<String> left = context.getStore(NAMESPACE)
                .get(Leftovers.class, Leftovers.class)
                .await();
        List<Throwable> strays = Strays.take();
        tell(
                context,
                !left.isEmpty()
                        || !strays.isEmpty()
                        || context.getExecutionException().isPresent());
        fail(strays);
        if (!left.isEmpty()) {
            throw new AssertionError("left behind by " + context.getDisplayName() + ": " + left);
        }
    }

    private static void fail(List<Throwable> strays) {
        if (!strays.isEmpty()) {
            AssertionError first = new AssertionError("another thread has failed", strays.get(0));
            strays.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    /** Prints the log where something failed, and forgets it. */
    private static void tell(ExtensionContext context, boolean failed) {
        String log = CapturedLog.take();
        if (failed && !log.isEmpty()) {
            System.err.println("Log of " + context.getRequiredTestClass().getSimpleName() + ", "
                    + context.getDisplayName() + ":\n" + log);
        }
    }
}
