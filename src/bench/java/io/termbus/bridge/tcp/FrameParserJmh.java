package io.termbus.bridge.tcp;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Cutting a stream of acks into frames, without the parsing of their JSON; for each frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameParserJmh {
    private static final int FRAMES = 64;

    /** Bytes that come at a time; 0: all. */
    @Param({"0", "64"})
    public int chunk;

    private Buffer stream;
    private FrameParser parser;
    private int frames;

    @Setup
    public void setUp() {
        Buffer ack = Buffer.buffer("{\"type\":\"send\",\"address\":\"termbus.flow\",\"headers\":{\"action\":\"ack\"},"
                + "\"body\":{\"subscriber\":\"0123456789abcdef012345\",\"seq\":123456}}");
        stream = Buffer.buffer();
        for (int i = 0; i < FRAMES; i++) {
            stream.appendInt(ack.length()).appendBuffer(ack);
        }
        parser = new FrameParser(frame -> frames++);
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public int cut() {
        int step = chunk == 0 ? stream.length() : chunk;
        for (int at = 0; at < stream.length(); at += step) {
            parser.feed(stream.slice(at, Math.min(stream.length(), at + step)));
        }
        return frames;
    }
}
