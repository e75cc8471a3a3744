package io.termbus.vt.snapshot;

import io.termbus.vt.screen.Charset;
import io.termbus.vt.screen.Charsets;

/** Designates and invokes character sets in a client that has none, and takes that back. */
final class CharsetWriter {
    private static final String SLOTS = "()*+";

    private CharsetWriter() {}

    static void set(Output out, Charsets charsets) {
        for (int slot = 0; slot < 4; slot++) {
            Charset designated = charsets.designated(slot);
            if (designated != null) {
                designate(out, slot, designated.finalByte());
            }
        }
        switch (charsets.level()) {
            case 1 -> out.raw(0x0E);
            case 2 -> out.escape("n");
            case 3 -> out.escape("o");
            default -> {}
        }
    }

    static void unset(Output out, Charsets charsets) {
        for (int slot = 0; slot < 4; slot++) {
            if (charsets.designated(slot) != null) {
                designate(out, slot, 'B');
            }
        }
        if (charsets.level() != 0) {
            out.raw(0x0F);
        }
    }

    static void designate(Output out, int slot, char finalByte) {
        out.escape(SLOTS.charAt(slot) + "" + finalByte);
    }
}
