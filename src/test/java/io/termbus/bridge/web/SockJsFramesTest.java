package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.bridge.Envelope;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SockJsFramesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "plain", "\"quotes\"", "back\\slash", "ümlaut \u2028 \uD83D\uDE00", "\u0000\u001f\n\t\u007f"
            })
    void messageComesOutAsItWentIn(String text) {
        String json = new JsonObject().put("a", text).encode();
        Envelope envelope = SockJsFrames.ENVELOPE;
        String frame = envelope.opening() + envelope.inside().apply(json) + envelope.closing();
        assertThat(frame).startsWith("a[").isASCII().doesNotMatch("(?s).*[\\x00-\\x1f].*");
        assertThat(new JsonArray(frame.substring(1)).getString(0)).isEqualTo(json);
    }

    @Test
    void clientsFramesAreListsOfTextOrText() {
        assertThat(SockJsFrames.messages("[\"a\",\"b\\n\"]")).hasValue(List.of("a", "b\n"));
        assertThat(SockJsFrames.messages("\"a\"")).hasValue(List.of("a"));
        assertThat(SockJsFrames.messages("")).hasValue(List.of());
        assertThat(SockJsFrames.messages("[]")).hasValue(List.of());
    }

    @Test
    void aFrameHasSoManyMessages() {
        String most = "[" + "\"\",".repeat(SockJsFrames.MAX_MESSAGES - 1) + "\"\"]";

        assertThat(SockJsFrames.messages(most).orElseThrow()).hasSize(SockJsFrames.MAX_MESSAGES);
        assertThat(SockJsFrames.messages("[\"\"," + most.substring(1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[1]",
                "[null]",
                "[",
                "nonsense",
                "7",
                "[\"a\",{}]",
                "[\"a\"",
                "[\"a\"] []",
                "\"a\" 1",
                "\"",
                "]"
            })
    void otherFramesAreNone(String frame) {
        assertThat(SockJsFrames.messages(frame)).isEmpty();
    }
}
