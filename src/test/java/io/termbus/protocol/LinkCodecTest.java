package io.termbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class LinkCodecTest {
    private static final String LINK = "id-of-the-link";
    private static final String BEFORE = "what comes before it in the buffer";
    private static final Payload PAYLOAD = Payload.ofText("bytes \u001b[31mé");

    static Stream<LinkMessage> messages() {
        return Stream.of(
                new LinkMessage.Open(LINK, "session", "node", "address", -1, true, 3),
                new LinkMessage.Update(LINK, false, 1024),
                new LinkMessage.Checks(List.of(
                        new LinkMessage.Check(LINK, 1L << 40, true, 1024),
                        new LinkMessage.Check("another", 0, false, 1))),
                new LinkMessage.Positions(List.of()),
                new LinkMessage.Positions(List.of(new LinkMessage.Position(LINK, "address", 7, 1L << 40))),
                new LinkMessage.Ack(LINK, Long.MAX_VALUE),
                new LinkMessage.Listens(LINK),
                new LinkMessage.Close(LINK),
                new LinkMessage.StateWanted(LINK, "session", Integer.MAX_VALUE, 65_536, 4_194_304),
                new LinkMessage.Position(LINK, "address", 7, 1L << 40),
                new LinkMessage.Restarted(LINK, 1, 1L << 40),
                new LinkMessage.Resized(LINK, 2, 1000, 1),
                new LinkMessage.Told(LINK, 3, Delivery.Kind.LEASE, 1L << 40, new JsonObject().put("reason", "taken")),
                new LinkMessage.Cleared(LINK, 3),
                new LinkMessage.Interrupted(LINK, 4, "connection"),
                new LinkMessage.Typed(LINK, 5, "connection"),
                new LinkMessage.Exited(LINK, 5, 137, Optional.of("SIGKILL")),
                new LinkMessage.Exited(LINK, 5, 0, Optional.empty()),
                new LinkMessage.Removed(LINK, 6),
                new LinkMessage.Closed(LINK, 7, true));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageComesAsItWent(LinkMessage message) {
        assertThat(there(message)).isEqualTo(message);
    }

    @Test
    void bytesComeAsTheyWent() {
        LinkMessage.Output output = (LinkMessage.Output) there(new LinkMessage.Output(LINK, 8, 99, PAYLOAD));
        LinkMessage.State state = (LinkMessage.State) there(new LinkMessage.State(LINK, 99, 80, 24, PAYLOAD, true));

        assertThat(output.payload().bytes()).isEqualTo(PAYLOAD.bytes());
        assertThat(output.offset()).isEqualTo(99);
        assertThat(state.payload().bytes()).isEqualTo(PAYLOAD.bytes());
        assertThat(state.cols()).isEqualTo(80);
    }

    @Test
    void outputCostsFewBytesMoreThanItself() {
        Buffer wire = Buffer.buffer();
        new LinkCodec().encodeToWire(wire, new LinkMessage.Output(LINK, 8, 99, PAYLOAD));

        assertThat(wire.length() - PAYLOAD.length()).isLessThan(64);
    }

    @Test
    void anUnknownKindIsRefused() {
        Buffer wire = Buffer.buffer().appendByte((byte) '?').appendUnsignedShort(0);

        assertThatThrownBy(() -> new LinkCodec().decodeFromWire(0, wire)).isInstanceOf(IllegalArgumentException.class);
    }

    private static LinkMessage there(LinkMessage message) {
        Buffer wire = Buffer.buffer(BEFORE);
        LinkCodec codec = new LinkCodec();
        codec.encodeToWire(wire, message);
        return codec.decodeFromWire(BEFORE.length(), wire);
    }
}
