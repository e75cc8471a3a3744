package io.termbus.mcp;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The headers that repeat what a message says, for those on the way that do not read it. They must say the same, or two of
 * them could take the request for two different ones.
 */
public final class McpHeaders {
    /** The revision. */
    static final String REVISION = "MCP-Protocol-Version";

    private static final String METHOD = "Mcp-Method";
    private static final String NAME = "Mcp-Name";
    private static final String ENCODED = "=?base64?";
    private static final String ENCODED_END = "?=";

    private final Function<String, List<String>> all;

    /** @param all the values of a header, by its name */
    public McpHeaders(Function<String, List<String>> all) {
        this.all = all;
    }

    /** Of one that is there more than once all values: no message says that. */
    Optional<String> revision() {
        return value(REVISION);
    }

    /** @throws McpException where one is missing or says something else */
    void check(String method, Optional<String> name) {
        check(METHOD, value(METHOD), method);
        name.ifPresent(text -> check(NAME, value(NAME).map(McpHeaders::decoded), text));
    }

    static void check(String header, Optional<String> said, String inBody) {
        if (said.isEmpty()) {
            throw McpException.mismatch("Header mismatch: " + header + " is missing");
        }
        if (!said.get().equals(inBody)) {
            throw McpException.mismatch("Header mismatch: " + header + " is '" + Texts.shown(said.get())
                    + "', the body has '" + Texts.shown(inBody) + "'");
        }
    }

    private Optional<String> value(String header) {
        List<String> values = all.apply(header);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    /** What no header can hold comes in base64. */
    private static String decoded(String value) {
        if (!value.startsWith(ENCODED) || !value.endsWith(ENCODED_END)) {
            return value;
        }
        String base64 = value.substring(ENCODED.length(), value.length() - ENCODED_END.length());
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw McpException.mismatch("Header mismatch: " + NAME + " has no base64");
        }
    }
}
