package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.HubException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientJsonTest {
    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> ClientJson.objectOf(Buffer.buffer(bytes)))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("must be a JSON object");
    }

    private static byte[] object(byte... text) {
        Buffer json = Buffer.buffer("{\"a\":\"").appendBytes(text).appendString("\"}");
        return json.getBytes();
    }

    @Test
    void anObjectIsReadAlsoFromAViewOfOthersBytes() {
        Buffer bytes = Buffer.buffer("{}{\"a\": \"\u00e9\u4e00\ud83d\ude00\"}{}");

        assertThat(ClientJson.objectOf(bytes.slice(2, bytes.length() - 2)))
                .isEqualTo(new JsonObject().put("a", "\u00e9\u4e00\ud83d\ude00"));
    }

    @Test
    void charactersMayLieAcrossPieces() {
        for (int shift = 0; shift < 4; shift++) {
            String text = "x".repeat(8190 - 6 + shift) + "\ud83d\ude00\u4e00".repeat(3000);

            assertThat(ClientJson.objectOf(new JsonObject().put("a", text).toBuffer())
                            .getString("a"))
                    .isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "1", "[]", "\"{}\"", "null", "{} {}", "{}x", "\ufeff{}", "\0{}", "{\0}"})
    void whatIsNoObjectIsRefused(String text) {
        assertRefused(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE"})
    void otherEncodingsAreRefused(String charset) {
        assertRefused("{\"type\":\"ping\"}".getBytes(Charset.forName(charset)));
    }

    @Test
    void overlongFormsSurrogatesAndCutCharactersAreRefused() {
        assertRefused(object((byte) 0xC0, (byte) 0xAF));
        assertRefused(object((byte) 0xED, (byte) 0xA0, (byte) 0x80));
        assertRefused(object((byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80));
        assertRefused(object((byte) 0xE4, (byte) 0xB8));
        byte[] late = object("x".repeat(20_000).getBytes(StandardCharsets.US_ASCII));
        late[19_000] = (byte) 0xFF;
        assertRefused(late);
    }
}
