package io.termbus.record.cast;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CastWriterTest {
    private static final CastHeader HEADER =
            CastHeader.of(80, 24, Instant.parse("2026-01-02T03:04:05Z"), "a \"title\"", List.of("sh", "-c", "exit 3"));

    private final CastWriter writer = new CastWriter();

    @Test
    void theHeaderIsOneLineOfJson() {
        writer.header(HEADER);

        String line = text();

        assertThat(line).endsWith("\n");
        assertThat(new JsonObject(line))
                .isEqualTo(new JsonObject()
                        .put("version", 3)
                        .put(
                                "term",
                                new JsonObject().put("cols", 80).put("rows", 24).put("type", "xterm-256color"))
                        .put("timestamp", 1_767_323_045)
                        .put("title", "a \"title\"")
                        .put("command", "sh -c exit 3"));
    }

    @Test
    void anEventIsOneLineOfJson() {
        writer.event(1_234_567_890, CastEvent.OUTPUT, "a\"\\\r\n\t\033[1m\177ä€😀");

        String line = text();

        assertThat(line).startsWith("[1.234, \"o\", \"").endsWith("\"]\n");
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(new JsonArray(line).getString(2)).isEqualTo("a\"\\\r\n\t\033[1m\177ä€😀");
    }

    /** 100,000 intervals of 1.3333337 ms; rounded one by one they would be a third too short. */
    @Test
    void intervalsAddUpHoweverManyThereAre() throws IOException {
        writer.header(HEADER);
        long nanos = 0;
        for (int i = 0; i < 100_000; i++) {
            nanos += 1_333_334;
            writer.event(nanos, CastEvent.OUTPUT, "x");
        }

        CastReader reader = new CastReader(new ByteArrayInputStream(writer.take()));
        reader.header();
        List<CastEvent> events = CastReaderTest.all(reader);

        assertThat(events).hasSize(100_000);
        assertThat(events.get(99_999).micros()).isEqualTo(nanos / 1_000_000 * 1000);
    }

    /** A clock that jumped would say so. */
    @Test
    void timeDoesNotGoBack() {
        writer.event(5_000_000, CastEvent.OUTPUT, "a");
        writer.event(-3_000_000, CastEvent.OUTPUT, "b");
        writer.event(6_000_000, CastEvent.OUTPUT, "c");

        assertThat(text()).isEqualTo("[0.005, \"o\", \"a\"]\n[0.000, \"o\", \"b\"]\n[0.001, \"o\", \"c\"]\n");
    }

    @Test
    void whatIsNoUtf8IsLeftOut() {
        byte[] bytes = {'a', (byte) 0x80, 'b', (byte) 0xE2, (byte) 0x82, 'c', (byte) 0xC3, (byte) 0xA4, (byte) 0xFF};

        writer.event(0, CastEvent.OUTPUT, bytes, 0, bytes.length);

        assertThat(new JsonArray(text()).getString(2)).isEqualTo("abcä");
        assertThat(Utf8.isWhole(bytes, 0, bytes.length)).isFalse();
        assertThat(Utf8.isWhole(bytes, 6, 8)).isTrue();
    }

    @Test
    void theBeginningOfACharacterIsFoundAtTheEnd() {
        byte[] text = "a\u00e4\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8);

        int[] cuts = IntStream.rangeClosed(0, text.length)
                .map(to -> Utf8.cutAt(text, 0, to))
                .toArray();

        assertThat(cuts).containsExactly(0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0);
    }

    private String text() {
        return new String(writer.take(), StandardCharsets.UTF_8);
    }
}
