package io.termbus.vt.screen;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** G0 to G3, and the set in use, which a restored cursor may set apart from them. */
public final class Charsets {
    private final @Nullable Charset[] designated = new Charset[4];
    private int level;
    private @Nullable Charset active;

    void reset() {
        Arrays.fill(designated, null);
        level = 0;
        active = null;
    }

    void invoke(int newLevel) {
        level = newLevel;
        active = designated[newLevel];
    }

    void designate(int slot, @Nullable Charset charset) {
        designated[slot] = charset;
        if (slot == level) {
            active = charset;
        }
    }

    void restore(@Nullable Charset charset) {
        active = charset;
    }

    public @Nullable Charset active() {
        return active;
    }

    public int level() {
        return level;
    }

    public @Nullable Charset designated(int slot) {
        return designated[slot];
    }
}
