package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage;
import io.termbus.pty.ExitStatus;
import io.termbus.pty.KeptPty;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The state of a hub as its next program finds it. */
class StateInputTest {
    private static final JsonObject HUB = new JsonObject().put("node", "node-12345678");
    private static final KeptPty PTY = new KeptPty(
            17,
            "/dev/pts/3",
            4711,
            99,
            new byte[] {3, (byte) 0xFF},
            true,
            false,
            Optional.of(new ExitStatus(130, Optional.of("SIGINT"))),
            Optional.of(new KeptPty.Pipe(18, new byte[] {1}, true)));
    private static final SessionMessage.Kept HELD = new SessionMessage.Kept(
            5, Payload.of(new byte[] {'o', 'u', 't'}), List.of(new SessionMessage.Size(6, 100, 30)), 2, 5);

    private static KeptSession session(String id) {
        JsonObject facts = new JsonObject()
                .put("id", id)
                .put("name", "ärger")
                .put("command", List.of("sh", "-c", "true"))
                .put("directory", "/tmp")
                .put("size", KeptSession.size(80, 24))
                .put("waitForSubscriber", false)
                .put("pipedInput", true)
                .put("answers", "RAW")
                .put("viewersMayBlock", true)
                .put("held", KeptSession.of(HELD))
                .put("pty", KeptSession.of(PTY))
                .put("exit", KeptSession.exit(new ExitStatus(3, Optional.empty())));
        return new KeptSession(
                facts, "screen".getBytes(StandardCharsets.UTF_8), HELD.output().bytes());
    }

    private static byte[] written(JsonObject hub, KeptSession... sessions) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (StateOutput out = new StateOutput(bytes, hub)) {
            out.begin(Arrays.stream(sessions).map(KeptSession::id).toList());
            for (KeptSession each : sessions) {
                out.write(each);
            }
            assertThat(out.descriptors()).isEqualTo(sessions.length == 0 ? Set.of() : Set.of(17, 18));
        }
        return bytes.toByteArray();
    }

    private static StateInput read(byte[] bytes) throws IOException {
        return new StateInput(new ByteArrayInputStream(bytes));
    }

    @Test
    void everythingIsThereAgain() throws Exception {
        StateInput in = read(written(HUB, session("a"), session("b")));
        assertThat(in.hub().getString("node")).isEqualTo("node-12345678");
        assertThat(in.sessions()).containsExactly("a", "b");

        KeptSession a = in.next().orElseThrow();

        assertThat(a.id()).isEqualTo("a");
        assertThat(a.screen()).asString(StandardCharsets.UTF_8).isEqualTo("screen");
        assertThat(a.held()).usingRecursiveComparison().isEqualTo(HELD);
        assertThat(a.exit()).contains(new ExitStatus(3, Optional.empty()));
        assertThat(a.pty()).get().usingRecursiveComparison().isEqualTo(PTY);
        SessionSpec spec = a.spec(new ChildEnvironment(Map.of(), "", List.of()));
        assertThat(spec.name()).isEqualTo("ärger");
        assertThat(spec.command()).containsExactly("sh", "-c", "true");
        assertThat(spec.answers()).isEqualTo(QueryAnswers.RAW);
        assertThat(spec.pipedInput()).isTrue();
        assertThat(spec.viewersMayBlock()).isTrue();
        assertThat(in.next().orElseThrow().id()).isEqualTo("b");
        assertThat(in.hasNext()).isFalse();
        assertThat(in.next()).isEmpty();
    }

    @Test
    void aLaterFormatIsRefusedInClearWords() throws Exception {
        byte[] state = written(HUB);
        byte[] later = new String(state, StandardCharsets.ISO_8859_1)
                .replace("\"format\":1", "\"format\":2")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(later)).hasMessageContaining("damaged");

        JsonObject hub = HUB.copy();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (StateOutput out = new StateOutput(bytes, hub, StateOutput.FORMAT + 1)) {
            out.begin(List.of());
        }
        assertThatThrownBy(() -> read(bytes.toByteArray()))
                .isInstanceOf(IOException.class)
                .hasMessage("it is of format 2, and this version reads up to 1: the new program is older than the one"
                        + " that runs");
    }

    @Test
    void whereverItIsCutNothingWorseThanThatIsSaid() throws Exception {
        byte[] state = written(HUB, session("a"), session("b"));
        for (int length = 0; length < state.length; length++) {
            byte[] cut = Arrays.copyOf(state, length);
            assertThatThrownBy(() -> read(cut).check()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSessionThatIsDamagedIsLeftOutAndTheNextIsThere() throws Exception {
        byte[] state = written(HUB, session("a"), session("b"));
        int at = new String(state, StandardCharsets.ISO_8859_1).indexOf("screen");
        state[at] = 'S';
        StateInput in = read(state);

        assertThat(in.next()).isEmpty();
        assertThat(in.next().orElseThrow().id()).isEqualTo("b");
        assertThat(read(state).check()).isOne();
    }

    @Test
    void factsThatCannotBeAreLeftOut() throws Exception {
        KeptSession large = session("large");
        large.facts().put("size", new JsonObject().put("cols", 1_000_000).put("rows", 24));
        KeptSession wrong = session("wrong");
        wrong.facts().put("pty", "none");
        KeptSession empty = new KeptSession(new JsonObject().put("id", "empty"), new byte[0], new byte[0]);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (StateOutput out = new StateOutput(bytes, HUB)) {
            out.begin(List.of("large", "empty", "gone", "whole"));
            out.write(large);
            out.write(empty);
            out.skip();
            out.write(session("whole"));
        }
        assertThat(read(bytes.toByteArray()).check()).isOne();
        assertThatThrownBy(wrong::pty).isInstanceOf(RuntimeException.class);
    }

    @Test
    void otherBytesAreNoState() {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            if (i % 2 == 0) {
                System.arraycopy(StateOutput.HEAD, 0, bytes, 0, Math.min(bytes.length, StateOutput.HEAD.length));
            }
            assertThatThrownBy(() -> read(bytes)).isInstanceOf(IOException.class);
        }
    }
}
