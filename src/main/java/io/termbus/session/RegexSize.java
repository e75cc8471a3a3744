package io.termbus.session;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/**
 * Says before a regex is compiled whether that may take long. RE2/J writes repetitions out, one within another too, and
 * a range of letters of any case letter by letter, so that compiling is no way to find out. It knows no structure, which
 * could be mistaken, and says too much rather than too little. Any thread.
 */
final class RegexSize {
    /** With what is before it where that may be a group, or a repetition. */
    private static final Pattern REPETITION = Pattern.compile("([)}*+?]|\\\\E)?\\{([0-9]+)(?:,([0-9]*))?\\}");

    private static final Pattern ANY_CASE = Pattern.compile("\\(\\?[a-zA-Z-]*i");
    /** A range of characters that ends beyond {@code \xFF}. */
    private static final Pattern WIDE_RANGE = Pattern.compile("-(?:\\\\x\\{|\\\\[0-9]|[^\\x00-\\x7F])");

    /** A class of Unicode: hundreds of ranges, which take a millisecond to sort. */
    private static final Pattern UNICODE_CLASS = Pattern.compile("\\\\[pP]");

    private static final int UNICODE_CLASS_SIZE = 1000;

    private RegexSize() {}

    /** The least size that the compiled regex certainly does not exceed by more than a few times; at most {@code most + 1}. */
    static int bound(String regex, int most) {
        long simple = regex.length();
        Matcher unicode = UNICODE_CLASS.matcher(regex);
        while (unicode.find()) {
            simple += UNICODE_CLASS_SIZE;
        }
        long nested = 1;
        Matcher repetition = REPETITION.matcher(regex);
        while (repetition.find()) {
            long count = count(repetition);
            if (repetition.group(1) == null) {
                simple += count;
            } else {
                nested = Math.min(most + 1L, nested * count);
            }
        }
        return (int) Math.min(most + 1L, simple * nested);
    }

    private static long count(Matcher repetition) {
        String to = repetition.group(3);
        return Math.max(1, Math.max(number(repetition.group(2)), to == null ? 0 : number(to)));
    }

    /** More than a thousand is refused by RE2/J. */
    private static int number(String digits) {
        return digits.isEmpty() ? 0 : digits.length() > 4 ? 10_000 : Integer.parseInt(digits);
    }

    /** It has a wide range of letters of any case. */
    static boolean hasWideRange(String regex) {
        return ANY_CASE.matcher(regex).find() && WIDE_RANGE.matcher(regex).find();
    }
}
