package io.termbus.vt.keys;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Keys by the names that tmux' {@code send-keys} has for them, and what xterm.js sends for each: {@code Up}, {@code C-c},
 * {@code M-S-F5}, {@code ^x}; a single character is itself. Names are taken in any case. Any thread.
 */
public final class KeyCodes {
    private static final int SHIFT = 1;
    private static final int ALT = 2;
    private static final int CTRL = 4;

    private static final String ESC = "\u001b";
    private static final String CSI = ESC + "[";
    private static final String SS3 = ESC + "O";

    /** Something a key sends, by the modifiers and the modes. */
    private interface Key {
        Optional<String> code(int modifiers, boolean cursorMode, boolean keypadMode);
    }

    private static final Map<String, Key> KEYS = Map.ofEntries(
            entry("up", cursor('A')),
            entry("down", cursor('B')),
            entry("right", cursor('C')),
            entry("left", cursor('D')),
            entry("end", cursor('F')),
            entry("home", cursor('H')),
            entry("f1", function('P')),
            entry("f2", function('Q')),
            entry("f3", function('R')),
            entry("f4", function('S')),
            entry("f5", numbered(15)),
            entry("f6", numbered(17)),
            entry("f7", numbered(18)),
            entry("f8", numbered(19)),
            entry("f9", numbered(20)),
            entry("f10", numbered(21)),
            entry("f11", numbered(23)),
            entry("f12", numbered(24)),
            entry("ic", numbered(2)),
            entry("insert", numbered(2)),
            entry("dc", numbered(3)),
            entry("delete", numbered(3)),
            entry("ppage", numbered(5)),
            entry("pageup", numbered(5)),
            entry("pgup", numbered(5)),
            entry("npage", numbered(6)),
            entry("pagedown", numbered(6)),
            entry("pgdn", numbered(6)),
            entry("enter", plain("\r", "\r", "\r")),
            entry("escape", plain(ESC, ESC, ESC)),
            entry("space", plain(" ", " ", "\0")),
            entry("bspace", plain("\u007f", "\u007f", "\b")),
            entry("tab", plain("\t", CSI + "Z", "\t")),
            entry("btab", plain(CSI + "Z", CSI + "Z", CSI + "Z")),
            entry("kp0", keypad('0', 'p')),
            entry("kp1", keypad('1', 'q')),
            entry("kp2", keypad('2', 'r')),
            entry("kp3", keypad('3', 's')),
            entry("kp4", keypad('4', 't')),
            entry("kp5", keypad('5', 'u')),
            entry("kp6", keypad('6', 'v')),
            entry("kp7", keypad('7', 'w')),
            entry("kp8", keypad('8', 'x')),
            entry("kp9", keypad('9', 'y')),
            entry("kp*", keypad('*', 'j')),
            entry("kp+", keypad('+', 'k')),
            entry("kp-", keypad('-', 'm')),
            entry("kp.", keypad('.', 'n')),
            entry("kp/", keypad('/', 'o')),
            entry("kpenter", keypad('\r', 'M')));

    private KeyCodes() {}

    /**
     * What the key sends.
     *
     * @param cursorMode DECCKM: the program asked for application cursor keys
     * @param keypadMode DECKPAM: the program asked for the application keypad
     * @return empty: there is no such key, or nothing that a terminal sends for it
     */
    public static Optional<String> of(String name, boolean cursorMode, boolean keypadMode) {
        if (isOneCharacter(name)) {
            return character(name.codePointAt(0), 0);
        }
        if (name.length() == 2 && name.charAt(0) == '^') {
            return character(name.codePointAt(1), CTRL);
        }
        int modifiers = 0;
        String rest = name;
        while (rest.length() > 2 && rest.charAt(1) == '-' && (modifiers | modifier(rest.charAt(0))) != modifiers) {
            modifiers |= modifier(rest.charAt(0));
            rest = rest.substring(2);
        }
        if (isOneCharacter(rest)) {
            return modifiers == 0 ? Optional.empty() : character(rest.codePointAt(0), modifiers);
        }
        Key key = KEYS.get(rest.toLowerCase(Locale.ROOT));
        return key == null ? Optional.empty() : key.code(modifiers, cursorMode, keypadMode);
    }

    private static boolean isOneCharacter(String name) {
        return !name.isEmpty() && name.length() == Character.charCount(name.codePointAt(0));
    }

    private static int modifier(char letter) {
        return switch (letter) {
            case 'S', 's' -> SHIFT;
            case 'M', 'm' -> ALT;
            case 'C', 'c' -> CTRL;
            default -> 0;
        };
    }

    private static Optional<String> character(int code, int modifiers) {
        boolean letter = Character.isLetter(code);
        if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE || (modifiers & SHIFT) != 0 && !letter) {
            return Optional.empty();
        }
        int shifted = (modifiers & SHIFT) == 0 ? code : Character.toUpperCase(code);
        int sent = (modifiers & CTRL) == 0 ? shifted : control(shifted);
        return sent < 0 ? Optional.empty() : Optional.of(withAlt(Character.toString(sent), modifiers));
    }

    /** What Ctrl makes of a key; -1 for nothing. */
    private static int control(int code) {
        if (code >= 'a' && code <= 'z' || code >= '@' && code <= '_') {
            return code & 0x1F;
        }
        return switch (code) {
            case ' ', '2' -> 0;
            case '3' -> 0x1B;
            case '4' -> 0x1C;
            case '5' -> 0x1D;
            case '6' -> 0x1E;
            case '7', '/' -> 0x1F;
            case '8', '?' -> 0x7F;
            default -> -1;
        };
    }

    private static String withAlt(String code, int modifiers) {
        return (modifiers & ALT) == 0 ? code : ESC + code;
    }

    /** The parameter that xterm sends for modifiers. */
    private static int parameter(int modifiers) {
        return modifiers + 1;
    }

    private static Key cursor(char letter) {
        return (modifiers, cursorMode, keypadMode) -> Optional.of(
                modifiers == 0 ? (cursorMode ? SS3 : CSI) + letter : CSI + "1;" + parameter(modifiers) + letter);
    }

    private static Key function(char letter) {
        return (modifiers, cursorMode, keypadMode) ->
                Optional.of(modifiers == 0 ? SS3 + letter : CSI + "1;" + parameter(modifiers) + letter);
    }

    private static Key numbered(int number) {
        return (modifiers, cursorMode, keypadMode) ->
                Optional.of(CSI + number + (modifiers == 0 ? "" : ";" + parameter(modifiers)) + "~");
    }

    private static Key plain(String code, String shifted, String controlled) {
        return (modifiers, cursorMode, keypadMode) -> {
            String sent = (modifiers & CTRL) != 0 ? controlled : (modifiers & SHIFT) != 0 ? shifted : code;
            return Optional.of(withAlt(sent, modifiers));
        };
    }

    /** Keys of the keypad have no codes with modifiers. */
    private static Key keypad(char text, char application) {
        return (modifiers, cursorMode, keypadMode) ->
                modifiers != 0 ? Optional.empty() : Optional.of(keypadMode ? SS3 + application : String.valueOf(text));
    }
}
