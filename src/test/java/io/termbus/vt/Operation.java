package io.termbus.vt;

import io.termbus.vt.screen.Terminal;
import java.util.Base64;

/** One thing that happens to a terminal. */
sealed interface Operation {
    record Output(byte[] bytes) implements Operation {}

    record Resize(int cols, int rows) implements Operation {}

    default void applyTo(Terminal terminal) {
        if (this instanceof Output output) {
            terminal.feed(output.bytes(), 0, output.bytes().length);
        } else if (this instanceof Resize resize) {
            terminal.resize(resize.cols(), resize.rows());
        }
    }

    /** As judge.mjs reads it. */
    default String encoded() {
        if (this instanceof Resize resize) {
            return "r" + resize.cols() + ":" + resize.rows();
        }
        return "o" + Base64.getEncoder().encodeToString(((Output) this).bytes());
    }
}
