package io.termbus.config;

import java.util.Locale;

/** Levenshtein's distance, blind to case. */
final class EditDistance {
    /** Beyond it a text is no misspelt key; bounds the work. */
    private static final int MAX_CHARS = 200;

    private EditDistance() {}

    static int between(String one, String other) {
        String a = fold(one);
        String b = fold(other);
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int swap = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(swap, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }

    private static String fold(String text) {
        return text.substring(0, Math.min(text.length(), MAX_CHARS)).toLowerCase(Locale.ROOT);
    }
}
