package io.termbus.vt.screen;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Colours that programs changed by OSC 4, 10, 11, 12, and the client's defaults for answers to queries. */
public final class Palette {
    /** Indices above the 256 colours. */
    public static final int FOREGROUND = 256;

    public static final int BACKGROUND = 257;
    public static final int CURSOR = 258;

    private static final int[] DEFAULT_16 = {
        0x2E3436, 0xCC0000, 0x4E9A06, 0xC4A000, 0x3465A4, 0x75507B, 0x06989A, 0xD3D7CF,
        0x555753, 0xEF2929, 0x8AE234, 0xFCE94F, 0x729FCF, 0xAD7FA8, 0x34E2E2, 0xEEEEEC
    };

    private final TreeMap<Integer, Integer> changed = new TreeMap<>();

    /** Index to 0xRRGGBB, of the colours that were changed. Read only. */
    public Map<Integer, Integer> changed() {
        return changed;
    }

    void set(int index, int rgb) {
        changed.put(index, rgb);
    }

    void restore(int index) {
        changed.remove(index);
    }

    /** Restores the 256 colours; foreground, background and cursor stay, as in the client. */
    void restoreIndexed() {
        changed.headMap(FOREGROUND).clear();
    }

    int get(int index) {
        return changed.getOrDefault(index, defaultColor(index));
    }

    private static int defaultColor(int index) {
        if (index >= FOREGROUND) {
            return index == BACKGROUND ? 0 : 0xFFFFFF;
        }
        if (index < 16) {
            return DEFAULT_16[index];
        }
        if (index >= 232) {
            return (8 + 10 * (index - 232)) * 0x010101;
        }
        int cube = index - 16;
        return level(cube / 36) << 16 | level(cube / 6 % 6) << 8 | level(cube % 6);
    }

    private static int level(int step) {
        return step == 0 ? 0 : 55 + 40 * step;
    }

    /** 0xRRGGBB of an X11 {@code rgb:} or {@code #} specification, -1 where it is neither. */
    static int parse(String specification) {
        String text = specification.toLowerCase(Locale.ROOT);
        if (text.startsWith("rgb:")) {
            return parseSlashed(text.substring(4).split("/", -1));
        }
        if (text.startsWith("#") && text.length() > 1 && text.length() <= 13 && text.length() % 3 == 1) {
            return parseHash(text.substring(1));
        }
        return -1;
    }

    private static int parseSlashed(String[] parts) {
        if (parts.length != 3 || parts[0].isEmpty() || parts[0].length() > 4) {
            return -1;
        }
        int rgb = 0;
        double full = (1 << 4 * parts[0].length()) - 1;
        for (String part : parts) {
            if (part.length() != parts[0].length() || !hex(part)) {
                return -1;
            }
            rgb = rgb << 8 | (int) Math.round(Integer.parseInt(part, 16) / full * 255);
        }
        return rgb;
    }

    private static int parseHash(String digits) {
        if (!hex(digits)) {
            return -1;
        }
        int each = digits.length() / 3;
        int rgb = 0;
        for (int i = 0; i < 3; i++) {
            int value = Integer.parseInt(digits.substring(i * each, (i + 1) * each), 16);
            rgb = rgb << 8 | (each == 1 ? value << 4 : value >> 4 * (each - 2));
        }
        return rgb;
    }

    private static boolean hex(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    /** The form of a report: 16 bits a channel. */
    public static String format(int rgb) {
        return String.format("rgb:%1$02x%1$02x/%2$02x%2$02x/%3$02x%3$02x", rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF);
    }
}
