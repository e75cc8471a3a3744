package io.termbus;

import io.vertx.core.json.JsonObject;

/**
 * The settings of a hub that is part of a program: keys, values and rules as in {@code conf/termbus.yaml}, nested or dotted,
 * and {@code addressPrefix}. All are checked together by {@link Termbus#create(io.vertx.core.Vertx, TermbusOptions)}. The hub
 * reads no file and no environment for them, and listens only where {@code http.port} or {@code tcp.port} is given. Not
 * thread-safe.
 */
public final class TermbusOptions {
    private static final String ADDRESS_PREFIX = "addressPrefix";

    private final JsonObject settings;

    /** Every setting has its default. */
    public TermbusOptions() {
        this(new JsonObject());
    }

    /** @param json as of {@link #toJson} */
    public TermbusOptions(JsonObject json) {
        settings = json.copy();
    }

    /**
     * Sets one setting.
     *
     * @param key such as {@code session.max}
     * @param value text, a number or a truth value, as in YAML
     */
    public TermbusOptions set(String key, Object value) {
        settings.put(key, value);
        return this;
    }

    /**
     * What the addresses of the hub on the event bus begin with, instead of {@code termbus}, so that several hubs may share
     * one Vert.x. Clients see {@code termbus.…} all the same.
     */
    public TermbusOptions setAddressPrefix(String prefix) {
        return set(ADDRESS_PREFIX, prefix);
    }

    /** What was set, {@code auth.token} too. */
    public JsonObject toJson() {
        return settings.copy();
    }

    /** Without values, as some are secrets. */
    @Override
    public String toString() {
        return "TermbusOptions" + settings.fieldNames();
    }
}
