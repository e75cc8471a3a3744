package io.termbus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Collects what is wrong with the settings, in the order found. What it shows is safe to print. */
final class Problems {
    static final String HIDDEN = "***";
    /** More than anyone reads; a file that is no configuration at all has thousands. */
    private static final int MAX_LISTED = 100;

    private static final int MAX_SHOWN_CHARS = 200;
    private static final Pattern SECRETIVE =
            Pattern.compile("tok|secret|pass|pwd|auth|key|cred", Pattern.CASE_INSENSITIVE);

    private final List<String> lines = new ArrayList<>();
    private int left;

    void add(String line) {
        if (lines.size() < MAX_LISTED) {
            lines.add(line);
        } else {
            left++;
        }
    }

    void notAllowed(Given given) {
        add(given + ": allowed is " + given.setting().kind().allowed());
    }

    /** {@code name} is no setting. Its value is shown only if it can hardly be a misspelt secret's. */
    void unknown(String name, String value, String source) {
        unknown(name, value, source, Settings.nearest(name).key());
    }

    /** @param nearest what it is likest to, where that is no setting */
    void unknown(String name, String value, String source, String nearest) {
        boolean hide =
                Settings.nearest(name).secret() || SECRETIVE.matcher(name).find();
        add(show(name) + " = " + (hide ? HIDDEN : show(value)) + " (" + source + "): unknown key, the nearest known is "
                + nearest);
    }

    void twice(String name, String source, String otherSource) {
        add(name + " (" + source + "): given twice, also at " + otherSource + "; allowed is once");
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    List<String> list() {
        List<String> all = new ArrayList<>(lines);
        if (left > 0) {
            all.add("and " + left + " more");
        }
        return List.copyOf(all);
    }

    /** {@code text} on one line, without control characters and cut to a length that can be read. */
    static String show(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]", "?");
        return line.length() <= MAX_SHOWN_CHARS ? line : line.substring(0, MAX_SHOWN_CHARS) + "…";
    }
}
