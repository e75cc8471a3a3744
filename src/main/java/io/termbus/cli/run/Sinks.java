package io.termbus.cli.run;

import io.termbus.cli.process.Text;
import io.termbus.cli.terminal.QueryFilter;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The forms in which {@code run} writes a command's output. */
public final class Sinks {
    private Sinks() {}

    /** The bytes as they are; into a terminal, without the queries that the hub has answered. */
    public static final class Bytes implements CommandRun.Sink {
        private final OutputStream out;
        private final Optional<QueryFilter> filter;

        public Bytes(OutputStream out, boolean terminal) {
            this.out = out;
            this.filter = terminal ? Optional.of(new QueryFilter()) : Optional.empty();
        }

        @Override
        public void output(byte[] bytes, long offset) throws IOException {
            out.write(filter.isPresent() ? filter.get().filter(bytes) : bytes);
        }
    }

    /** A JSON object a line: {@code created}, {@code output} … and {@code exit}. */
    public static final class Json implements CommandRun.Sink {
        private final OutputStream out;

        public Json(OutputStream out) {
            this.out = out;
        }

        @Override
        public void created(JsonObject session) throws IOException {
            print(new JsonObject().put("event", "created").put("session", session));
        }

        @Override
        public void output(byte[] bytes, long offset) throws IOException {
            print(new JsonObject()
                    .put("event", "output")
                    .put("offset", offset)
                    .put("base64", Base64.getEncoder().encodeToString(bytes)));
        }

        @Override
        public void exited(JsonObject exit) throws IOException {
            print(new JsonObject().put("event", "exit").mergeIn(exit));
        }

        private void print(JsonObject line) throws IOException {
            out.write((Text.json(line) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
