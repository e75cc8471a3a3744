package io.termbus.audit;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit log, logger {@value #LOGGER}. A line names who, from where, what, which session and what came of it;
 * never a token, and never what a terminal shows or gets.
 */
public final class Audit {
    public static final String LOGGER = "termbus.audit";
    public static final String OK = "ok";

    /** Of each fact, in characters: some of them are a client's words. */
    static final int MAX_FACT_CHARS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private Audit() {}

    /**
     * Writes one line. Any thread may call.
     *
     * @param event what was done, such as {@code login}
     * @param facts who, from where and to what; must hold no secrets
     * @param outcome {@link #OK}, or why not
     */
    public static void record(String event, JsonObject facts, String outcome) {
        JsonObject line = new JsonObject()
                .put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("event", event)
                .mergeIn(facts)
                .put("outcome", outcome);
        shorten(line);
        LOG.info("{}", line.encode());
    }

    /** Cuts its values to {@link #MAX_FACT_CHARS}. */
    static void shorten(JsonObject facts) {
        facts.getMap().replaceAll((name, value) -> value instanceof String text ? shortened(text) : value);
    }

    static String shortened(String text) {
        return text.length() > MAX_FACT_CHARS ? text.substring(0, MAX_FACT_CHARS) + "…" : text;
    }
}
