package io.termbus.record.cast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CastReaderTest {
    private static final String HEADER = "{\"version\": 3, \"term\": {\"cols\": 100, \"rows\": 50}}\n";

    @Test
    void intervalsOfVersion3AddUp() throws IOException {
        CastReader reader = reader(HEADER + "[0.25, \"o\", \"a\"]\n[1, \"r\", \"80x24\"]\n[0.0, \"x\", \"0\"]\n");

        assertThat(reader.header()).satisfies(header -> {
            assertThat(header.cols()).isEqualTo(100);
            assertThat(header.rows()).isEqualTo(50);
        });
        assertThat(all(reader))
                .containsExactly(
                        new CastEvent(250_000, 'o', "a"),
                        new CastEvent(1_250_000, 'r', "80x24"),
                        new CastEvent(1_250_000, 'x', "0"));
    }

    @Test
    void timesOfVersion2AreSinceTheBeginning() throws IOException {
        CastReader reader =
                reader("{\"version\":2,\"width\":80,\"height\":24}\r\n[0.5,\"o\",\"a\"]\r\n[0.75,\"o\",\"b\"]\r\n");

        reader.header();

        assertThat(all(reader)).containsExactly(new CastEvent(500_000, 'o', "a"), new CastEvent(750_000, 'o', "b"));
    }

    @Test
    void whatIsNoEventIsPassedOver() throws IOException {
        CastReader reader = reader(HEADER + "# a comment\n\n[1]\nnonsense\n{\"a\":1}\n[\"1\",\"o\",\"b\"]\n"
                + "[0.1, \"o\", 7]\n[0.1, \"later\", \"\"]\n[0.1, \"z\", \"unknown\"]\n");

        reader.header();

        assertThat(all(reader)).containsExactly(new CastEvent(100_000, 'z', "unknown"));
    }

    @Test
    void timeNeverGoesBackAndNeverOverflows() throws IOException {
        CastReader reader =
                reader(HEADER + "[1, \"o\", \"a\"]\n[-5, \"o\", \"b\"]\n[1e300, \"o\", \"c\"]\n[1e999, \"o\", \"d\"]\n"
                        + "[9999999999999999999999999, \"o\", \"e\"]\n");

        reader.header();
        List<CastEvent> events = all(reader);

        assertThat(events).extracting(CastEvent::data).containsExactly("a", "b", "c", "d", "e");
        assertThat(events.get(1).micros()).isEqualTo(1_000_000);
        assertThat(events).extracting(CastEvent::micros).isSorted();
    }

    /** Read byte by byte, too. */
    @Test
    void aTornEndIsReadUpToTheTear() throws IOException {
        String whole = HEADER + "[0.1, \"o\", \"ä\"]\n[0.1, \"o\", \"second\"]\n";
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        int second = whole.getBytes(StandardCharsets.UTF_8).length - "[0.1, \"o\", \"second\"]\n".length();

        for (int length = second; length < bytes.length - 1; length++) {
            CastReader reader = new CastReader(new ByteArrayInputStream(bytes, 0, length));
            reader.header();
            assertThat(all(reader)).as("%d bytes", length).containsExactly(new CastEvent(100_000, 'o', "ä"));
        }
    }

    @Test
    void theMiddleCanBeReadFromAPosition() throws IOException {
        CastReader first = reader(HEADER + "[0.1, \"o\", \"ä\"]\n[0.2, \"o\", \"b\"]\n");
        first.header();
        first.next();
        String rest = "[0.2, \"o\", \"b\"]\n";

        CastReader second = new CastReader(
                new ByteArrayInputStream(rest.getBytes(StandardCharsets.UTF_8)), first.position(), first.micros());

        assertThat(first.position()).isEqualTo(HEADER.length() + "[0.1, \"o\", \"ä\"]\n".length() + 1);
        assertThat(second.next()).contains(new CastEvent(300_000, 'o', "b"));
        first.next();
        assertThat(second.position()).isEqualTo(first.position());
    }

    /** A gigabyte, of which no more is held than a line may have. */
    @Test
    void aLineWithoutEndIsRefused() throws IOException {
        CastReader reader = new CastReader(new InputStream() {
            private long left = 1L << 30;

            @Override
            public int read() {
                return left-- > 0 ? 'a' : -1;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                Arrays.fill(into, from, from + length, (byte) 'a');
                left -= length;
                return left > 0 ? length : -1;
            }
        });

        assertThatThrownBy(reader::header)
                .isInstanceOf(CastException.class)
                .hasMessage("has a line that is longer than 8388608 bytes: line 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "hello\n",
                "[]\n",
                "{}\n",
                "{\"version\":1}\n",
                "{\"version\":3}\n",
                "{\"version\":3,\"term\":{\"cols\":0,\"rows\":5}}\n",
                "{\"version\":3,\"term\":7}\n",
                "{\"version\":\"3\"}\n"
            })
    void whatIsNoRecordingIsRefused(String text) {
        CastReader reader = reader(text);

        assertThatThrownBy(reader::header).isInstanceOf(CastException.class);
    }

    private static CastReader reader(String text) {
        return new CastReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    static List<CastEvent> all(CastReader reader) throws IOException {
        List<CastEvent> events = new ArrayList<>();
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get());
        }
        return events;
    }
}
