package io.termbus.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.termbus.protocol.Delivery;
import io.termbus.protocol.Payload;
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

    /** Whether the payload is new each time, or was encoded for another subscriber before. */
    @Param({"binary", "first", "shared"})
    public String kind;

    private byte[] output;
    private byte[] head;
    private FrameEncoder encoder;
    private Payload payload;
    private byte[] held;
    private final ByteBuf out = Unpooled.directBuffer(1 << 17);

    @Setup
    public void setUp() {
        output = new byte[bytes];
        new Random(42).nextBytes(output);
        encoder = new FrameEncoder(Dialect.TCP, Envelope.NONE);
        head = encoder.head("termbus.out.0123456789abcdef012345", "0123456789abcdef012345");
        payload = Payload.of(output);
        held = payload.base64();
    }

    @Benchmark
    public ByteBuf encode() {
        Delivery.Counted delivery = new Delivery.Counted(
                Delivery.Kind.OUTPUT,
                "0123456789abcdef012345",
                123,
                456_789,
                1_800_000_000_000L,
                0,
                0,
                kind.equals("first") ? Payload.of(output) : payload);
        out.clear();
        encoder.append(
                out, kind.equals("binary") ? new Outgoing.Binary(1, delivery) : new Outgoing.Deferred(head, delivery));
        return out;
    }
}
