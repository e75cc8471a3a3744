package io.termbus.spelling;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How far a name as written is from one that exists. A piece that was left out costs little however long it is:
 * who writes {@code flow.stall} knows the beginning of {@code flow.stallSeconds}, not another name of the
 * same length. Blind to case, to how words are parted, and, at a price, to their order. Stateless.
 */
public final class Spelling {
    /** Beyond it a text is no misspelt name; bounds the work. */
    private static final int MAX_CHARS = 200;
    /** One wrong letter, two letters in the wrong order; the first letter of a piece that is missing. */
    private static final int SLIP = 10;
    /** Each further letter that is missing. */
    private static final int MISSING = 1;
    /** Each further letter that is too much: rarer, as nobody makes up what is in no name. */
    private static final int SURPLUS = 4;
    /** A separator more, less, or another one. */
    private static final int SEPARATOR = 1;
    /** The words are there in another order. */
    private static final int DISORDER = 12;
    /** Out of reach, and yet far from overflowing. */
    private static final int FAR = 1 << 20;

    private static final String SEPARATORS = ".-_ ";

    private Spelling() {}

    /** The name that {@code written} is nearest to; of several the first. Empty where there are no names. */
    public static Optional<String> nearest(String written, Collection<String> names) {
        return names.stream().min(Comparator.comparingInt(name -> distance(written, name)));
    }

    /** 0 where both are the same but for case; ten for a slip. */
    static int distance(String written, String name) {
        String one = cut(written);
        int asTheyStand = edits(fold(one), fold(name));
        return Math.min(asTheyStand, DISORDER + edits(sorted(one), sorted(name)));
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), MAX_CHARS));
    }

    private static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static String sorted(String text) {
        return Stream.of(text.replaceAll("([a-z])([A-Z])", "$1.$2").split("[._ -]+"))
                .map(Spelling::fold)
                .sorted()
                .collect(Collectors.joining("."));
    }

    /** Edits with pieces that are missing or too much (Gotoh), and neighbours that changed places (Damerau). */
    private static int edits(String written, String name) {
        int rows = written.length() + 1;
        int columns = name.length() + 1;
        int[][] best = new int[rows][columns];
        int[][] inMissing = new int[rows][columns];
        int[][] inSurplus = new int[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                inMissing[i][j] =
                        j == 0 ? FAR : piece(best[i][j - 1], inMissing[i][j - 1], name.charAt(j - 1), MISSING);
                inSurplus[i][j] =
                        i == 0 ? FAR : piece(best[i - 1][j], inSurplus[i - 1][j], written.charAt(i - 1), SURPLUS);
                int here = i == 0 && j == 0 ? 0 : Math.min(inMissing[i][j], inSurplus[i][j]);
                if (j > 0 && isSeparator(name.charAt(j - 1))) {
                    here = Math.min(here, best[i][j - 1] + SEPARATOR);
                }
                if (i > 0 && isSeparator(written.charAt(i - 1))) {
                    here = Math.min(here, best[i - 1][j] + SEPARATOR);
                }
                if (i > 0 && j > 0) {
                    here = Math.min(here, best[i - 1][j - 1] + swap(written.charAt(i - 1), name.charAt(j - 1)));
                }
                if (i > 1 && j > 1 && crossed(written, i, name, j)) {
                    here = Math.min(here, best[i - 2][j - 2] + SLIP);
                }
                best[i][j] = here;
            }
        }
        return best[rows - 1][columns - 1];
    }

    /** A letter begins a piece or goes on with one, a separator only goes on. */
    private static int piece(int before, int within, char letter, int each) {
        return isSeparator(letter) ? within + SEPARATOR : Math.min(before + SLIP, within + each);
    }

    private static int swap(char one, char other) {
        if (one == other) {
            return 0;
        }
        return isSeparator(one) && isSeparator(other) ? SEPARATOR : SLIP;
    }

    private static boolean crossed(String written, int i, String name, int j) {
        return written.charAt(i - 1) == name.charAt(j - 2) && written.charAt(i - 2) == name.charAt(j - 1);
    }

    private static boolean isSeparator(char letter) {
        return SEPARATORS.indexOf(letter) >= 0;
    }
}
