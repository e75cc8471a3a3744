package io.termbus.vt.screen;

import org.jspecify.annotations.Nullable;

/** The national and graphic replacements of ASCII that ESC ( and its kin select. US ASCII is null. */
public enum Charset {
    GRAPHICS("0", "_`abcdefghijklmnopqrstuvwxyz{|}~", " ◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"),
    BRITISH("A", "#", "£"),
    DUTCH("4", "#@[\\]{|}~", "£¾ĳ½|¨ƒ¼´"),
    FINNISH("C5", "[\\]^`{|}~", "ÄÖÅÜéäöåü"),
    FRENCH("R", "#@[\\]{|}~", "£à°ç§éùè¨"),
    FRENCH_CANADIAN("Q", "@[\\]^`{|}~", "àâçêîôéùèû"),
    GERMAN("K", "@[\\]{|}~", "§ÄÖÜäöüß"),
    ITALIAN("Y", "#@[\\]`{|}~", "£§°çéùàòèì"),
    NORWEGIAN("E6", "@[\\]^`{|}~", "ÄÆØÅÜäæøåü"),
    SPANISH("Z", "#@[\\]{|}", "£§¡Ñ¿°ñç"),
    SWEDISH("H7", "@[\\]^`{|}~", "ÉÄÖÅÜéäöåü"),
    SWISS("=", "#@[\\]^_`{|}~", "ùàéçêîèôäöüû");

    /** Final bytes that select a character set, US ASCII included. */
    static final String FINALS = "B0A4C5RQKYE6ZH7=";

    private final String finals;
    private final char[] map = new char[0x7F];

    Charset(String finals, String from, String to) {
        this.finals = finals;
        for (int i = 0; i < from.length(); i++) {
            map[from.charAt(i)] = to.charAt(i);
        }
    }

    /** The final byte that selects this set. */
    public char finalByte() {
        return finals.charAt(0);
    }

    static @Nullable Charset byFinal(int finalByte) {
        for (Charset charset : values()) {
            if (charset.finals.indexOf(finalByte) >= 0) {
                return charset;
            }
        }
        return null;
    }

    /** What an ASCII character becomes. */
    public int translate(int ascii) {
        char mapped = map[ascii];
        return mapped == 0 ? ascii : mapped;
    }

    /** The code that must be sent so that {@code codePoint} is shown. */
    public int inverse(int codePoint) {
        if (codePoint >= 0x7F || map[codePoint] == 0) {
            return codePoint;
        }
        for (int c = 0x20; c < 0x7F; c++) {
            if (map[c] == codePoint) {
                return c;
            }
        }
        return codePoint;
    }
}
