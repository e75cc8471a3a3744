package io.termbus.flow.output;

import io.termbus.protocol.Delivery;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Records what flow control does; time moves only when a test says so. */
public class FakeOutlet implements Outlet {
    record Wanted(int scrollbackLines, int wantedBytes, Promise<Snapshot> answer) {}

    private record Timer(long at, Runnable task) {}

    final Map<String, List<Delivery>> delivered = new HashMap<>();
    final Map<String, List<LinkMessage>> linked = new HashMap<>();
    final List<JsonObject> warnings = new ArrayList<>();
    final List<JsonObject> events = new ArrayList<>();
    final Deque<Wanted> snapshotsWanted = new ArrayDeque<>();
    final List<String> left = new ArrayList<>();
    final Map<String, DisconnectReason> ended = new HashMap<>();
    int taken;
    /** What the newest answer said. */
    boolean lags;
    /** By how many nanoseconds each next timer is late. */
    LongSupplier lateness = () -> 0;

    private long now = 1_000_000_000_000L;
    private long nextTimer;
    private final Map<Long, Timer> timers = new TreeMap<>();

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long epochMillis() {
        return now / 1_000_000;
    }

    @Override
    public long after(long nanos, Runnable task) {
        timers.put(nextTimer, new Timer(now + nanos + lateness.getAsLong(), task));
        return nextTimer++;
    }

    @Override
    public void cancel(long timer) {
        timers.remove(timer);
    }

    int timers() {
        return timers.size();
    }

    /** Moves the clock, firing what is due in order. */
    public void pass(Duration duration) {
        long until = now + duration.toNanos();
        while (true) {
            Map.Entry<Long, Timer> next = timers.entrySet().stream()
                    .filter(each -> each.getValue().at() <= until)
                    .min((a, b) -> Long.compare(a.getValue().at(), b.getValue().at()))
                    .orElse(null);
            if (next == null) {
                now = until;
                return;
            }
            // the entry itself may stand for another timer once this one is removed
            Timer due = timers.remove(next.getKey());
            now = Math.max(now, due.at());
            due.task().run();
        }
    }

    /** The clock goes on and no timer fires. */
    void standStill(Duration duration) {
        now += duration.toNanos();
    }

    void passMillis(long millis) {
        pass(Duration.ofMillis(millis));
    }

    @Override
    public void deliver(String subscriber, Delivery delivery) {
        delivered.computeIfAbsent(subscriber, key -> new ArrayList<>()).add(delivery);
    }

    List<Delivery> to(String subscriber) {
        return delivered.getOrDefault(subscriber, List.of());
    }

    List<Delivery.Counted> counted(String subscriber) {
        return to(subscriber).stream()
                .filter(Delivery.Counted.class::isInstance)
                .map(Delivery.Counted.class::cast)
                .toList();
    }

    List<JsonObject> notices(String subscriber, Delivery.Kind kind) {
        return to(subscriber).stream()
                .filter(each -> each.kind() == kind)
                .map(each -> ((Delivery.Notice) each).body())
                .toList();
    }

    /** All output bytes that the subscriber got. */
    byte[] bytes(String subscriber) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        counted(subscriber).stream()
                .filter(each -> each.kind() == Delivery.Kind.OUTPUT)
                .forEach(each -> all.writeBytes(each.payload().bytes()));
        return all.toByteArray();
    }

    @Override
    public void gone(String subscriber) {}

    @Override
    public void ended(String subscriber, String session, DisconnectReason reason) {
        ended.put(subscriber, reason);
    }

    @Override
    public void link(String address, LinkMessage message) {
        linked.computeIfAbsent(address, any -> new ArrayList<>()).add(message);
    }

    @Override
    public void warn(JsonObject warning) {
        warnings.add(warning);
    }

    @Override
    public void event(JsonObject event) {
        events.add(event);
    }

    @Override
    public void taken(String session, int outputs, boolean nowLags) {
        taken += outputs;
        lags = nowLags;
    }

    @Override
    public void joined(String session, String subscriber, int count) {}

    @Override
    public void listening(String session) {}

    @Override
    public void left(String session, String subscriber, int count) {
        left.add(subscriber);
    }

    @Override
    public Future<Snapshot> snapshot(String session, int scrollbackLines, int wantedBytes, int maxBytes) {
        Promise<Snapshot> answer = Promise.promise();
        snapshotsWanted.add(new Wanted(scrollbackLines, wantedBytes, answer));
        return answer.future();
    }
}
