package io.termbus.support;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The threads and processes that there were before some tests, and so which of those there are later are theirs. Threads
 * of the JDK and of JUnit, which come when first needed and stay, are nobody's.
 */
final class Leftovers {
    /** Closing ends threads soon, not at once; a loaded machine takes its time. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final long PAUSE_MILLIS = 10;

    /** Of the hub, Vert.x and Hazelcast, but for one that Vert.x' cluster manager never ends. */
    private static final Pattern OURS =
            Pattern.compile("(termbus-|vert\\.x-|vertx-(?!hazelcast-service-throttling-thread)|hz\\.).*");
    /** Non-daemon threads that outlive tests by design. */
    private static final Pattern NOBODYS =
            Pattern.compile("main|DestroyJavaVM|surefire-.*|junit-.*|ForkJoinPool.*|globalEventExecutor.*");

    private final Set<Long> threads = ids(allThreads());
    private final Set<Long> processes = children().map(ProcessHandle::pid).collect(Collectors.toSet());

    /** Names what is left; empty where all of it has ended within the limit. Blocks as long as something has not. */
    List<String> await() throws InterruptedException {
        return await(LIMIT);
    }

    List<String> await(Duration limit) throws InterruptedException {
        List<String> left = now();
        for (long end = System.nanoTime() + limit.toNanos(); !left.isEmpty() && System.nanoTime() < end; left = now()) {
            Thread.sleep(PAUSE_MILLIS);
        }
        return left;
    }

    private List<String> now() {
        Set<String> names = new TreeSet<>();
        for (Thread each : allThreads()) {
            if (!threads.contains(each.getId()) && each.isAlive() && isOfTests(each)) {
                names.add("thread " + each.getName());
            }
        }
        children()
                .filter(each -> !processes.contains(each.pid()))
                .forEach(each -> names.add("process " + each.pid()
                        + each.info().command().map(c -> " " + c).orElse("")));
        return List.copyOf(names);
    }

    private static boolean isOfTests(Thread thread) {
        String name = thread.getName();
        return OURS.matcher(name).matches()
                || !thread.isDaemon() && !NOBODYS.matcher(name).matches();
    }

    private static Stream<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive);
    }

    private static Set<Long> ids(Set<Thread> threads) {
        return threads.stream().map(Thread::getId).collect(Collectors.toSet());
    }

    private static Set<Thread> allThreads() {
        return Thread.getAllStackTraces().keySet();
    }
}
