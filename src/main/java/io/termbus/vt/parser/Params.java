package io.termbus.vt.parser;

/** The numeric parameters of one control sequence, with sub-parameters; holds at most {@link #LIMIT} of each. */
public final class Params {
    /** Parameters, and sub-parameters, kept of one sequence: what xterm.js keeps. Further ones are dropped. */
    public static final int LIMIT = 32;

    private static final int MAX_VALUE = Integer.MAX_VALUE;

    private final int[] values = new int[LIMIT];
    private final int[] subValues = new int[LIMIT];
    private final int[] subStart = new int[LIMIT];
    private int size;
    private int subSize;
    private boolean rejectDigits;
    private boolean rejectSubDigits;
    private boolean digitIsSub;

    Params() {
        reset();
    }

    /** Back to a single parameter 0. */
    void reset() {
        size = 1;
        values[0] = 0;
        subStart[0] = 0;
        subSize = 0;
        rejectDigits = false;
        rejectSubDigits = false;
        digitIsSub = false;
    }

    void next() {
        digitIsSub = false;
        if (size >= LIMIT) {
            rejectDigits = true;
            return;
        }
        subStart[size] = subSize;
        values[size++] = 0;
    }

    void nextSub() {
        digitIsSub = true;
        if (rejectDigits || subSize >= LIMIT) {
            rejectSubDigits = true;
            return;
        }
        subValues[subSize++] = -1;
    }

    void digit(int digit) {
        if (takesDigits()) {
            put(append(digitIsSub ? subValues[subSize - 1] : values[size - 1], digit));
        }
    }

    /** What is usual: the first parameters, without sub-parameters; returns where those end. Only after {@link #reset}. */
    int read(byte[] bytes, int from, int to) {
        int index = 0;
        int value = 0;
        int i = from;
        for (; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                value = append(value, digit);
            } else if (bytes[i] == ';' && index < LIMIT - 1) {
                values[index++] = value;
                subStart[index] = 0;
                value = 0;
            } else {
                break;
            }
        }
        values[index] = value;
        size = index + 1;
        return i;
    }

    /** All digits of a parameter or sub-parameter at once. */
    void number(int number) {
        if (takesDigits()) {
            put(number);
        }
    }

    private boolean takesDigits() {
        return !rejectDigits && (!digitIsSub || !rejectSubDigits && subSize > 0);
    }

    private void put(int value) {
        if (digitIsSub) {
            subValues[subSize - 1] = value;
        } else {
            values[size - 1] = value;
        }
    }

    /** The number with one more digit; -1 stands for none. */
    static int append(int value, int digit) {
        if (value < MAX_VALUE / 10) {
            return value < 0 ? digit : value * 10 + digit;
        }
        return (int) Math.min((long) value * 10 + digit, MAX_VALUE);
    }

    public int size() {
        return size;
    }

    /** The parameter at {@code index}, 0 where it is absent or empty. */
    public int get(int index) {
        return index < size ? values[index] : 0;
    }

    /** The first parameter as a count: 1 where it is absent, empty or 0. */
    public int count() {
        return Math.max(1, values[0]);
    }

    /** True where no parameter has sub-parameters. */
    public boolean flat() {
        return subSize == 0;
    }

    public int subCount(int index) {
        int end = index + 1 < size ? subStart[index + 1] : subSize;
        return end - subStart[index];
    }

    /** A sub-parameter, -1 where it is empty. */
    public int sub(int index, int subIndex) {
        return subValues[subStart[index] + subIndex];
    }

    /** Writes the parameters so that reading them again gives this very state. */
    void appendTo(ByteBuffer out) {
        for (int i = 0; i < size; i++) {
            if (i > 0) {
                out.add(';');
            }
            if (values[i] > 0) {
                out.addNumber(values[i]);
            }
            for (int j = 0; j < subCount(i); j++) {
                out.add(':');
                if (sub(i, j) >= 0) {
                    out.addNumber(sub(i, j));
                }
            }
        }
        if (rejectDigits) {
            out.add(';');
        }
        if (rejectSubDigits && digitIsSub) {
            out.add(':');
        }
    }
}
