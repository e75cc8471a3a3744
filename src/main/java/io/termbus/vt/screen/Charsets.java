package io.termbus.vt.screen;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** G0 to G3, and which of them is in use. */
public final class Charsets {
    private final @Nullable Charset[] designated = new Charset[4];
    private int level;

    void reset() {
        Arrays.fill(designated, null);
        level = 0;
    }

    void set(Charsets other) {
        System.arraycopy(other.designated, 0, designated, 0, designated.length);
        level = other.level;
    }

    void invoke(int newLevel) {
        level = newLevel;
    }

    void designate(int slot, @Nullable Charset charset) {
        designated[slot] = charset;
    }

    public @Nullable Charset active() {
        return designated[level];
    }

    public int level() {
        return level;
    }

    public @Nullable Charset designated(int slot) {
        return designated[slot];
    }

    /** True where nothing was designated or invoked. */
    public boolean initial() {
        return level == 0 && Arrays.stream(designated).allMatch(set -> set == null);
    }
}
