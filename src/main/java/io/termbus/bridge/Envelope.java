package io.termbus.bridge;

import java.util.function.UnaryOperator;

/**
 * What a transport puts around each JSON message.
 *
 * @param opening ASCII text before the message
 * @param closing ASCII text after it
 * @param inside how JSON stands between the two; base64 must stand as it is
 */
public record Envelope(String opening, String closing, UnaryOperator<String> inside) {
    /** Messages as they are. */
    static final Envelope NONE = new Envelope("", "", UnaryOperator.identity());
}
