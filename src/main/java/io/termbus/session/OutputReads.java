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
    private final ScreenGate gate;

    OutputReads(HeldOutput held, ScreenGate gate) {
        this.held = held;
        this.gate = gate;
    }

    /** @param outputBytes offset behind the newest output */
    Future<JsonObject> read(Fields fields, long outputBytes) {
        Optional<Long> since = HeldOutput.since(fields, outputBytes);
        int maxBytes = fields.intOr("maxBytes", 1, MAX_BYTES, DEFAULT_BYTES);
        boolean text = fields.choice("format", List.of("text", "ansi")).equals("text");
        return held.between(since.orElse(0L), outputBytes)
                .compose(found -> gate.readForClient(() -> answer(found, since, maxBytes, text)));
    }

    static JsonObject answer(SessionMessage.Held held, Optional<Long> since, int maxBytes, boolean text) {
        byte[] all = held.payload().bytes();
        boolean lost = held.from() > since.orElse(0L);
        int skipped = lost ? lineStart(all) : 0;
        byte[] bytes = skipped == 0 ? all : Arrays.copyOfRange(all, skipped, all.length);
        MiddleCut told = new MiddleCut(maxBytes);
        if (text) {
            StreamText.of(bytes, told::add);
        } else {
            told.add(bytes);
        }
        JsonObject answer = new JsonObject()
                .put("text", told.toString())
                .put("since", held.from() + skipped)
                .put("offset", held.from() + all.length)
                .put("truncated", told.isCut());
        if (lost && since.isPresent()) {
            answer.put("gap", held.from() + skipped - since.get());
        }
        return answer;
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
