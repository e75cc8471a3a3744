package io.termbus.vt.screen;

import java.util.Optional;

/**
 * What a shell tells of its prompts and commands, between the lines that it prints: OSC 133 (FinalTerm, as kitty, iTerm2 and
 * Windows Terminal have it) and OSC 633 (VS Code).
 *
 * @param data what comes behind the letter and its semicolon; fields, parted by semicolons
 * @param length of the sequence in bytes as they came, from its introducer to the BEL, ESC or ST that ends it
 */
public record ShellMark(Kind kind, String data, long length) {
    /** OSC 133. */
    static final int FINAL_TERM = 133;
    /** OSC 633. */
    static final int VS_CODE = 633;
    /** In snapshots, before the number of the command whose output begins. */
    public static final String COMMAND = "command=";

    /** What begins or is told. */
    public enum Kind {
        /** A prompt. */
        PROMPT('A'),
        /** What is typed. */
        INPUT('B'),
        /** The output of a command. */
        OUTPUT('C'),
        /** A command has ended. */
        END('D'),
        /** The command that is about to begin, as a line. */
        LINE('E'),
        /** A property, such as {@code Cwd=/home}. */
        PROPERTY('P');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        /** As both sequences have it, but for {@code PROPERTY} and {@code LINE}, which are of OSC 633. */
        public char letter() {
            return letter;
        }

        /** It is kept on its row. */
        boolean ofRow() {
            return this != LINE && this != PROPERTY;
        }

        int bit() {
            return 1 << ordinal();
        }
    }

    /** Empty: it is none, or one of a prompt that is not the first of its command. */
    static Optional<ShellMark> of(int id, String payload, long length) {
        if (payload.isEmpty() || payload.length() > 1 && payload.charAt(1) != ';') {
            return Optional.empty();
        }
        String data = payload.substring(Math.min(2, payload.length()));
        return kind(id, payload.charAt(0), data).map(kind -> new ShellMark(kind, data, length));
    }

    private static Optional<Kind> kind(int id, char letter, String data) {
        boolean finalTerm = id == FINAL_TERM;
        return switch (letter) {
            case 'A' -> prompt(data);
            case 'B' -> Optional.of(Kind.INPUT);
            case 'C' -> Optional.of(Kind.OUTPUT);
            case 'D' -> Optional.of(Kind.END);
            case 'E' -> finalTerm ? Optional.empty() : Optional.of(Kind.LINE);
            case 'P' -> finalTerm ? prompt(data) : Optional.of(Kind.PROPERTY);
            case 'N' -> finalTerm ? prompt(data) : Optional.empty();
            case 'I' -> finalTerm ? Optional.of(Kind.INPUT) : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Prompts at the right ({@code k=r}), of further lines (c) and of what is not finished (s) are no prompts of commands. */
    private static Optional<Kind> prompt(String data) {
        String fields = ";" + data + ";";
        boolean further = fields.contains(";k=r;") || fields.contains(";k=c;") || fields.contains(";k=s;");
        return further ? Optional.empty() : Optional.of(Kind.PROMPT);
    }

    private String first() {
        int end = data.indexOf(';');
        return end < 0 ? data : data.substring(0, end);
    }

    /** The first of the fields, as VS Code writes text: {@code \\} is a backslash, {@code \x3b} the character of that number. */
    public String text() {
        String text = first();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '\\') {
                i++;
            } else if (c == '\\' && i + 3 < text.length() && text.charAt(i + 1) == 'x') {
                int high = Character.digit(text.charAt(i + 2), 16);
                int low = Character.digit(text.charAt(i + 3), 16);
                if (high >= 0 && low >= 0) {
                    c = (char) (high << 4 | low);
                    i += 3;
                }
            }
            out.append(c);
        }
        return out.toString();
    }

    /** The command whose output begins, as snapshots of this hub tell it; 0: it is not told. */
    public long command() {
        String field = first();
        String number = field.startsWith(COMMAND) ? field.substring(COMMAND.length()) : "";
        boolean told =
                !number.isEmpty() && number.length() <= 18 && number.chars().allMatch(c -> c >= '0' && c <= '9');
        return told ? Long.parseLong(number) : 0;
    }

    /** The status of a command that has ended, 0..999999999; -1: it is not told. */
    public int status() {
        String status = first();
        boolean number =
                !status.isEmpty() && status.length() <= 9 && status.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(status) : -1;
    }
}
