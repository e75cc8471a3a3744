package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What flow control adds to one delivery to a subscriber in green: the zone's decision and the counts. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ZoneJmh {
    @Param({"0", "1023", "4096"})
    public int unacked;

    private FlowConfig limits;
    private UnackedWindow window;

    @Setup
    public void setUp() {
        limits = new FlowConfig(
                new FlowConfig.Level(1024, 131_072, 10),
                new FlowConfig.Level(4096, 524_288, 100),
                false,
                65_536,
                4_194_304,
                65_536,
                1_048_576,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                100);
        window = new UnackedWindow();
        for (int i = 0; i < unacked; i++) {
            window.sent(64);
        }
    }

    @Benchmark
    public Object zone() {
        return Zone.of(window.count(), window.bytes(), limits);
    }

    /** Counts a delivery, takes the zone, and acks it: the whole round of a green delivery. */
    @Benchmark
    public Object deliveryAndAck() {
        window.sent(64);
        window.ackOldest(1);
        return Zone.of(window.count(), window.bytes(), limits);
    }
}
