package io.termbus.session;

import io.termbus.protocol.Fields;
import io.termbus.protocol.SessionMessage;
import io.termbus.vt.lines.StreamText;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Answers {@code read}: output since an offset, as text or as it is. On the session's event loop. */
final class OutputReads {
    static final int MAX_BYTES = 262_144;
    private static final int DEFAULT_BYTES = 65_536;
    /** Output whose beginning is lost is told from the next line on, where one begins so soon. */
    private static final int LINE_BYTES = 4096;

    private final HeldOutput held;
    private final Readings readings;

    OutputReads(HeldOutput held, Readings readings) {
        this.held = held;
        this.readings = readings;
    }

    /** @param outputBytes offset behind the newest output */
    Future<JsonObject> read(Fields fields, long outputBytes) {
        Optional<Long> since = HeldOutput.since(fields, outputBytes);
        int maxBytes = maxBytes(fields);
        boolean text = isText(fields);
        return readings.read(
                () -> held.between(since.orElse(0L), outputBytes)
                        .map(found -> new Answer(found, since, maxBytes, text)),
                () -> true);
    }

    /** The field {@code maxBytes}. */
    static int maxBytes(Fields fields) {
        return fields.intOr("maxBytes", 1, MAX_BYTES, DEFAULT_BYTES);
    }

    /** The field {@code format}: text, not as it came. */
    static boolean isText(Fields fields) {
        return fields.choice("format", List.of("text", "ansi")).equals("text");
    }

    /** Output of a shell's command between two offsets, as {@link #read} answers it. */
    Future<JsonObject> ofCommand(long from, long to, int maxBytes, boolean text) {
        return readings.read(
                () -> held.between(from, to)
                        .map(found -> text ? ZshEndOfLine.without(found) : found)
                        .map(found -> new Answer(found, Optional.of(from), maxBytes, text)),
                () -> true);
    }

    /** The answer, as it is worked out. */
    static final class Answer implements Readings.Reading<JsonObject> {
        private final SessionMessage.Held held;
        private final Optional<Long> since;
        private final MiddleCut told;
        private final byte[] bytes;
        private final int skipped;
        private final Optional<StreamText> text;

        Answer(SessionMessage.Held held, Optional<Long> since, int maxBytes, boolean text) {
            this.held = held;
            this.since = since;
            byte[] all = held.payload().bytes();
            skipped = isLost() ? lineStart(all) : 0;
            bytes = skipped == 0 ? all : Arrays.copyOfRange(all, skipped, all.length);
            told = new MiddleCut(maxBytes);
            this.text = text ? Optional.of(new StreamText(bytes, told::add)) : Optional.empty();
        }

        private boolean isLost() {
            return held.from() > since.orElse(0L);
        }

        @Override
        public boolean step() {
            if (text.isPresent()) {
                return text.get().step();
            }
            told.add(bytes);
            return false;
        }

        @Override
        public JsonObject result() {
            long begin = held.from() + skipped;
            JsonObject answer = new JsonObject()
                    .put("text", told.toString())
                    .put("since", begin)
                    .put("offset", begin + bytes.length)
                    .put("truncated", told.isCut());
            if (isLost() && since.isPresent()) {
                answer.put("gap", begin - since.get());
            }
            return answer;
        }
    }

    private static int lineStart(byte[] bytes) {
        for (int i = 0; i < Math.min(bytes.length, LINE_BYTES); i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }
}
