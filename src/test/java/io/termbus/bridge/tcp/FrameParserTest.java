package io.termbus.bridge.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FrameParserTest {
    private final List<Buffer> frames = new ArrayList<>();
    private final FrameParser parser = new FrameParser(frames::add);

    private static Buffer framed(Buffer frame) {
        return Buffer.buffer().appendInt(frame.length()).appendBuffer(frame);
    }

    private static List<Buffer> randomFrames(Random random) {
        List<Buffer> frames = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 5000 : 50)];
            random.nextBytes(bytes);
            frames.add(Buffer.buffer(bytes));
        }
        return frames;
    }

    private static Buffer stream(List<Buffer> frames) {
        Buffer stream = Buffer.buffer();
        frames.forEach(frame -> stream.appendBuffer(framed(frame)));
        return stream;
    }

    @Test
    void framesAreFoundHoweverTheStreamIsSplit() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Buffer> sent = randomFrames(random);
            Buffer stream = stream(sent);
            frames.clear();
            int at = 0;
            while (at < stream.length()) {
                int end = Math.min(stream.length(), at + 1 + random.nextInt(1 + random.nextInt(700)));
                parser.feed(stream.getBuffer(at, end));
                at = end;
            }
            assertThat(frames).as("seed " + seed).isEqualTo(sent);
        }
    }

    @Test
    void framesAreFoundByteByByteAndWhole() {
        List<Buffer> sent = randomFrames(new Random(7));
        Buffer stream = stream(sent);
        for (int at = 0; at < stream.length(); at++) {
            parser.feed(stream.getBuffer(at, at + 1));
        }
        parser.feed(stream);
        assertThat(frames).hasSize(2 * sent.size());
        assertThat(frames.subList(0, sent.size())).isEqualTo(sent);
        assertThat(frames.subList(sent.size(), frames.size())).isEqualTo(sent);
    }

    @Test
    void theLongestFrameIsTaken() {
        Buffer longest = Buffer.buffer(new byte[FrameParser.MAX_FRAME_BYTES]);
        parser.feed(framed(longest));
        assertThat(frames).containsExactly(longest);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, FrameParser.MAX_FRAME_BYTES + 1, Integer.MAX_VALUE})
    void badLengthFailsAsSoonAsItIsReadAndEndsTheStream(int length) {
        Buffer good = Buffer.buffer("{}");
        Buffer stream = framed(good).appendInt(length);
        ErrorCode expected = length > 0 ? ErrorCode.TOO_LARGE : ErrorCode.MALFORMED;
        assertThatThrownBy(() -> parser.feed(stream))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(Integer.toString(length))
                .extracting(failure -> ((HubException) failure).error())
                .isEqualTo(expected);
        parser.feed(framed(good));
        assertThat(frames).containsExactly(good);
    }
}
