package io.termbus.bridge;

import io.termbus.protocol.Delivery;
import io.termbus.protocol.Payload;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
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

/** Writing one output delivery as a frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameEncoderJmh {
    @Param({"1", "4096", "65536"})
    public int bytes;

    @Param({"TCP", "SOCKJS"})
    public Dialect dialect;

    private FrameEncoder encoder;
    private Outgoing.Deferred frame;

    @Setup
    public void setUp() {
        byte[] output = new byte[bytes];
        new Random(42).nextBytes(output);
        encoder = new FrameEncoder(dialect);
        frame = new Outgoing.Deferred(
                encoder.head("termbus.out.0123456789abcdef012345", "0123456789abcdef012345"),
                new Delivery.Counted(
                        Delivery.Kind.OUTPUT, "0123456789abcdef012345", 123, 456_789, 0, 0, Payload.of(output)));
    }

    @Benchmark
    public Buffer encode() {
        Buffer out = Buffer.buffer(FrameEncoder.estimate(frame));
        encoder.append(out, frame);
        return out;
    }
}
