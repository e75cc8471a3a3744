package io.termbus.vt.screen;

/** The attributes that the next printed cell gets. */
public final class Pen {
    int fg;
    int bg;
    Extended extended = Extended.NONE;
    /** Bytes of the extended attributes, and their links, that the pen has had since this was last set to 0. */
    long made;

    void reset() {
        fg = 0;
        bg = 0;
        extended = Extended.NONE;
    }

    void set(Pen other) {
        fg = other.fg;
        bg = other.bg;
        extended = other.extended;
    }

    /** Erased cells keep the background colour only. */
    int eraseBg() {
        return bg & Cells.COLOR;
    }

    void setExtended(Extended value) {
        if (value != extended) {
            made += Extended.BYTES;
            if (value.link() != null && value.link() != extended.link()) {
                made += value.link().bytes();
            }
        }
        extended = value;
        updateExtended();
    }

    void updateExtended() {
        bg = extended.empty() ? bg & ~Cells.BG_EXTENDED : bg | Cells.BG_EXTENDED;
    }

    public int fg() {
        return fg;
    }

    public int bg() {
        return bg;
    }

    public Extended extended() {
        return extended;
    }
}
