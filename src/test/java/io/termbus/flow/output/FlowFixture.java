package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** One session and its flow control, fed by hand. */
public final class FlowFixture {
    public static final String SESSION = "the-session";

    /** The limits of a test; small ones keep tests readable. */
    public static final class Limits {
        private int yellow = 1024;
        private int red = 4096;
        private int yellowBytes = 131_072;
        private int redBytes = 524_288;
        private boolean autoDisconnect;
        private int maxDeliveries = 65_536;
        private int maxBytes = 4_194_304;
        private int maxDelivery = 65_536;
        private int backlog = 1_048_576;
        private Duration stall = Duration.ofSeconds(60);
        private Duration hold = Duration.ofSeconds(30);
        private int target = 100;
        private int yellowMillis = 10;
        private int redMillis = 100;

        Limits deliveries(int yellowAt, int redAt, int max) {
            yellow = yellowAt;
            red = redAt;
            maxDeliveries = max;
            return this;
        }

        Limits bytes(int yellowAt, int redAt, int max) {
            yellowBytes = yellowAt;
            redBytes = redAt;
            maxBytes = max;
            return this;
        }

        Limits autoDisconnect() {
            autoDisconnect = true;
            return this;
        }

        Limits maxDelivery(int bytes) {
            maxDelivery = bytes;
            return this;
        }

        Limits backlog(int bytes) {
            backlog = bytes;
            return this;
        }

        Limits stall(Duration time) {
            stall = time;
            return this;
        }

        Limits hold(Duration time) {
            hold = time;
            return this;
        }

        Limits intervals(int yellowMs, int redMs) {
            yellowMillis = yellowMs;
            redMillis = redMs;
            return this;
        }

        public FlowConfig build() {
            return new FlowConfig(
                    new FlowConfig.Level(yellow, yellowBytes, yellowMillis),
                    new FlowConfig.Level(red, redBytes, redMillis),
                    autoDisconnect,
                    maxDeliveries,
                    maxBytes,
                    maxDelivery,
                    backlog,
                    stall,
                    hold,
                    target);
        }
    }

    final FakeOutlet outlet;
    final SessionFlow flow;
    private long written;
    private int subscribers;
    private final SharedLinks links;
    private final Optional<String> connection;

    FlowFixture(Limits limits) {
        this(limits, new SharedLinks(), Optional.empty());
    }

    FlowFixture(Limits limits, FlowMeters meters) {
        this(limits, new SharedLinks(), Optional.empty(), new FakeOutlet() {
            @Override
            public FlowMeters meters() {
                return meters;
            }
        });
    }

    /** @param connection of all subscribers; empty: each has its own */
    FlowFixture(Limits limits, SharedLinks links, Optional<String> connection) {
        this(limits, links, connection, new FakeOutlet());
    }

    private FlowFixture(Limits limits, SharedLinks links, Optional<String> connection, FakeOutlet outlet) {
        this.outlet = outlet;
        this.links = links;
        this.connection = connection;
        flow = new SessionFlow(SESSION, limits.build(), outlet);
    }

    FlowFixture() {
        this(new Limits());
    }

    /** Attaches to any flow, and does not listen yet. */
    public static Subscriber attach(SessionFlow flow, String session, String id, boolean lossless, OptionalLong from) {
        flow.subscribers()
                .attach(
                        new Attachment(
                                id,
                                session,
                                new Watcher("connection-" + id, "user", "viewer", "127.0.0.1:1", "tcp"),
                                Instant.EPOCH,
                                false,
                                lossless,
                                false,
                                1000,
                                from,
                                false),
                        SharedLink.ofOne());
        return flow.subscribers().find(id).orElseThrow();
    }

    /** Attaches at the present end of output and listens: no snapshot is needed. */
    Subscriber attach() {
        return attach(false, OptionalLong.of(written));
    }

    Subscriber attachLossless() {
        return attach(true, OptionalLong.of(written));
    }

    Subscriber attach(boolean lossless, OptionalLong from) {
        return attach("", lossless, false, from);
    }

    SharedLinks links() {
        return links;
    }

    /** Attaches as a client does at first, and does not listen yet. */
    Subscriber attachFar() {
        return attachSilently("", false, false, OptionalLong.empty(), false);
    }

    /** One that never skips and goes on at the present end of output. */
    Subscriber attachLossless(String user, boolean holdsForEver) {
        return attach(user, true, holdsForEver, OptionalLong.of(written));
    }

    private Subscriber attach(String user, boolean lossless, boolean holdsForEver, OptionalLong from) {
        Subscriber subscriber = attachSilently(user, lossless, holdsForEver, from, false);
        flow.subscribers().listening(subscriber);
        return subscriber;
    }

    /** Attaches with output first, and does not listen yet. */
    Subscriber attachForOutput(OptionalLong from) {
        return attachSilently("", false, false, from, true);
    }

    private Subscriber attachSilently(
            String user, boolean lossless, boolean holdsForEver, OptionalLong from, boolean outputFirst) {
        String id = "subscriber-" + ++subscribers;
        String by = connection.orElse("connection-" + id);
        Attachment attachment = new Attachment(
                id,
                SESSION,
                new Watcher(by, user.isEmpty() ? "user-" + id : user, "viewer", "127.0.0.1:1", "tcp"),
                Instant.EPOCH,
                false,
                lossless,
                holdsForEver,
                1000,
                from,
                outputFirst);
        flow.subscribers().attach(attachment, links.of(by));
        return flow.subscribers().find(id).orElseThrow();
    }

    /** The session writes bytes that tell their place: byte i of all output is i mod 251. */
    void write(int length) {
        byte[] bytes = pattern(written, length);
        written += length;
        flow.output(new FlowMessage.Output(SESSION, Payload.of(bytes), written));
    }

    void writeTimes(int times, int length) {
        for (int i = 0; i < times; i++) {
            write(length);
        }
    }

    long written() {
        return written;
    }

    static byte[] pattern(long from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ((from + i) % 251);
        }
        return bytes;
    }

    /** Answers the oldest wish for a snapshot with the state as of now. */
    FakeOutlet.Wanted answerSnapshot(int size) {
        return answerSnapshot(size, true);
    }

    FakeOutlet.Wanted answerSnapshot(int size, boolean whole) {
        FakeOutlet.Wanted wanted = outlet.snapshotsWanted.remove();
        byte[] state = new byte[size];
        Arrays.fill(state, (byte) 's');
        wanted.answer().complete(new Snapshot(written, 80, 24, Payload.of(state), whole));
        return wanted;
    }
}
