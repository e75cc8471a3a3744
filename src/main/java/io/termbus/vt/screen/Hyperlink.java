package io.termbus.vt.screen;

import org.jspecify.annotations.Nullable;

/**
 * The target of an OSC 8 hyperlink. Many cells and lines may refer to one; it knows what it was counted for last, so that
 * its bytes are counted once.
 */
public final class Hyperlink {
    /** Headers of a string and its characters. */
    private static final int STRING_BYTES = 48;

    private static final int LINK_BYTES = 40;
    private static final int LATIN = 0xFF;
    /** Looking into it is not worth it. */
    private static final int SHORT = 100;

    private final String id;
    private final String uri;
    private final int bytes;
    private @Nullable Object countedFor;
    private @Nullable Object holder;
    private int references;

    /** @param id empty where the program gave none */
    public Hyperlink(String id, String uri) {
        this.id = id;
        this.uri = uri;
        bytes = LINK_BYTES + bytes(id) + bytes(uri);
    }

    public String id() {
        return id;
    }

    public String uri() {
        return uri;
    }

    /** Bytes that it takes. */
    int bytes() {
        return bytes;
    }

    /** Bytes that a string takes, for a short one at the most. */
    static int bytes(String text) {
        return STRING_BYTES + (text.length() <= SHORT || isWide(text) ? 2 * text.length() : text.length());
    }

    private static boolean isWide(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LATIN) {
                return true;
            }
        }
        return false;
    }

    /** Its bytes the first time in a count, then 0. */
    int bytesOnce(Object count) {
        if (countedFor == count) {
            return 0;
        }
        countedFor = count;
        return bytes;
    }

    /** One more line of a scrollback refers to it; returns the bytes that this adds. */
    int acquire(Object scrollback) {
        if (holder != scrollback) {
            holder = scrollback;
            references = 0;
        }
        return references++ == 0 ? bytes : 0;
    }

    /** One line less refers to it; returns the bytes that this frees. */
    int release(Object scrollback) {
        return holder == scrollback && --references == 0 ? bytes : 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || other instanceof Hyperlink link && link.id.equals(id) && link.uri.equals(uri);
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + uri.hashCode();
    }
}
