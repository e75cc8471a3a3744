package io.termbus.vt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Random terminal output: the grammar of everything that is supported, and some of what is not. */
final class Streams {
    private static final String[] WIDE = {"世", "界", "😀", "한", "（"};
    private static final String[] MARKS = {"\u0301", "\u0308", "\u200b", "\ufe0f", "\u20dd"};
    private static final String[] EMOJI = {
        "👨\u200d👩\u200d👧", "❤\ufe0f", "👍🏽", "🇩🇪", "1\ufe0f\u20e3", "🏳\ufe0f\u200d🌈", "é👩\u200d💻"
    };
    private static final String[] OTHERS = {"é", "│", "─", "…", "ß", "𝒳", "\u00a0", "“"};
    private static final int[] PRIVATE_MODES = {
        1, 2, 6, 6, 7, 7, 9, 12, 25, 45, 45, 66, 1000, 1002, 1003, 1004, 1006, 1016, 47, 1047, 1048, 1049, 1049, 2004,
        2026, 5, 3
    };
    private static final int[] FLAGS = {1, 2, 3, 4, 5, 7, 8, 9, 21, 22, 23, 24, 25, 27, 28, 29, 53, 55, 39, 49, 59};

    private static final Pattern CONTROL = Pattern.compile("([\\^¬])(.)");

    /**
     * What programs send seldom or never: controls inside sequences, functions that the client ignores, odd
     * parameters. ^[ stands for ESC and so on, ¬[ for CSI and the other C1 controls, the open box for a blank.
     */
    private static final String[] SELDOM = controls("""
            ^@ ^? ^E ^A ^Z ^[[3^X ^[]0;x^Z ^[P1$rx^Xy ^[[1^[[2C ^[[2^JC ^[[3^MD ^[(^J0 ^[[^?2C ^[^@D ¬@ ¬E
            ¬H ¬M ¬N ¬O ¬V ¬Z ¬\\ ¬]2;c1¬\\ ¬P$qm¬\\ ¬_apc¬\\
            ¬Xsos^[\\ ¬^pm…x^[\\ ^[N ^[O ^[Z ^[#3 ^[#6 ^[F ^[l ^[␣F ^[%/G ^[%G ^[$B ^[(%5 ^[("? ^[/A ^[[c ^[[>c
            ^[[=c ^[[5n ^[[6n ^[[?6n ^[[?15n ^[[?7$p ^[[4$p ^[P$qr^[\\ ^[P$q␣q^[\\ ^[[18t ^[[14t ^[[x ^[[>q ^[[>1u ^[[<u
            ^[[?u ^[[=1;1u ^[[?4m ^[[>4n ^[[2;4s ^[[?1049s ^[[?7r ^[[?69h ^[[1;1;2;2;1$r ^[[65;1;1;2;2$x ^[[1;1;2;2$z
            ^[[1;1;2;2${ ^[[1;1;2;2;1;2;2;1$v ^[[2*x ^[[1;1;1;1;2;2*y ^[[1;2'w ^[[#{ ^[[#p ^[[1;2;3;4;5T ^[[>T ^[[?5W
            ^[[W ^[[U ^[[5i ^[[2"p ^[[3$| ^[[99999999999A ^[[4294967297C ^[[2147483648D ^[[65536X ^[[1;[1;[1;m
            ^[[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;31m
            ^[[4:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1m ^[[:2C ^[[;C ^[[2;;3H ^[[0A ^[[6m
            ^[[10m ^[[26;50;51;73m ^[[38;5m ^[[38;2;1m ^[[48;5;300m ^[[38;2;256;1;1m ^[[38:5m ^[[4:9m ^[[4;3m ^[[58;5m
            ^[[38;5;1;4m ^[[48:2:1:2:3:4:5:6m ^[[38;2:1:2:3m ^[[100;49m ^[[?1049;25;7h ^[[?1049;7l ^[[?47;1047h
            ^[[?1005h ^[[?1007h ^[[?1015h ^[[?2027h ^[[?2031h ^[[?0h ^[[?40;3h ^[[7h ^[[2;12h ^[[22J ^[[9K ^[[5;2r ^[[r
            ^[[2;2r ^[[?2J ^[[?1K ^[]0;^[\\ ^[]2^[\\ ^[];x^[\\ ^[]2;a;b^G ^[]8;;x;y^[\\ ^[]8;id=;http://e^[\\
            ^[]8;id=x^[\\ ^[]8;^[\\ ^[]8;id=x;^[\\ ^[]4;999;#fff^[\\ ^[]4;2;?^[\\ ^[]10;#fff;#000;#0f0^[\\ ^[]11;?^[\\
            ^[]13;#fff^[\\ ^[]112^[\\ ^[]7;http://x^[\\ ^[]2;a^Jb^G ^[]0;x^[D ^[P+q544e^[\\ ^[P=1s^[\\
            ^[Pq#0;2;0;0;0~-^[\\ ^[Ptmux;x^[^[[A^[\\ ^[_Ga=q;…^[\\ ^[P1;2|…¬\\
            """);

    private static final int[][] MALFORMED = {
        {0x80},
        {0xC0, 0x80},
        {0xE4, 0xB8},
        {0xFF},
        {0xED, 0xA0, 0x80},
        {0xF8, 0x88, 0x80},
        {0xF4, 0x90, 0x80, 0x80},
        {0x9B},
        {0xE0, 0x80, 0x80},
        {0xEF, 0xBB, 0xBF},
        {0xF0, 0x9F},
        {0xEF, 0xBF, 0xBF}
    };

    private final Random random;
    private final int cols;
    private final int rows;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Streams(Random random, int cols, int rows) {
        this.random = random;
        this.cols = cols;
        this.rows = rows;
    }

    private static String[] controls(String table) {
        return Arrays.stream(table.strip().split("\\s+"))
                .map(text -> CONTROL.matcher(text).replaceAll(Streams::control).replace('␣', ' '))
                .toArray(String[]::new);
    }

    private static String control(MatchResult found) {
        int code = found.group(2).charAt(0) ^ 0x40;
        return Matcher.quoteReplacement(Character.toString(found.group(1).equals("^") ? code : code | 0x80));
    }

    byte[] next(int elements) {
        out.reset();
        for (int i = 0; i < elements; i++) {
            element();
        }
        return out.toByteArray();
    }

    private void element() {
        switch (random.nextInt(28)) {
            case 0, 1, 2, 3, 4 -> text();
            case 5, 6 -> beyondAscii();
            case 7, 8 -> put(pick("\r\n", "\r\n", "\n", "\r", "\b", "\t", "\u000b", "\u000e", "\u000f", "\u0007"));
            case 9, 10 -> put("\u001b[" + sgr() + "m");
            case 11, 12 -> move();
            case 13 -> put("\u001b[" + selective() + number(4) + pick("J", "K", "K"));
            case 14 -> put("\u001b[" + count() + pick("@", "P", "X", "L", "M", "S", "T", " @", " A", "'}", "'~"));
            case 15 -> put("\u001b[" + number(rows + 1) + ";" + number(rows + 1) + "r");
            case 16, 17 -> mode();
            case 18 ->
                put("\u001b" + pick("7", "8", "D", "E", "M", "H", "=", ">", "n", "o", "|", "}", "~", "#8", "%@", "\\"));
            case 19 ->
                put("\u001b" + pick("(", ")", "*", "+", "-", ".", "/")
                        + pick("0", "0", "B", "B", "A", "4", "K", "=", "R"));
            case 20 -> osc();
            case 21 -> rare();
            case 22 -> put(SELDOM[random.nextInt(SELDOM.length)]);
            case 23 -> malformed();
            case 24 -> put("\u001b[" + (1 + random.nextInt(cols + 3)) + "b");
            case 25 -> rectangle();
            default ->
                put(pick(
                        "\u001b[s",
                        "\u001b[u",
                        "\u001b7",
                        "\u001b8",
                        "\u001b[" + count() + "I",
                        "\u001b[" + count() + "Z",
                        "\u001b[" + pick("0", "3", "") + "g"));
        }
    }

    private void beyondAscii() {
        switch (random.nextInt(5)) {
            case 0, 1 -> wide();
            case 2 -> put(EMOJI[random.nextInt(EMOJI.length)]);
            default -> put(MARKS[random.nextInt(MARKS.length)]);
        }
    }

    private void malformed() {
        for (int octet : MALFORMED[random.nextInt(MALFORMED.length)]) {
            out.write(octet);
        }
    }

    private void text() {
        int length = 1 + random.nextInt(random.nextInt(4) == 0 ? cols * 2 : 8);
        for (int i = 0; i < length; i++) {
            if (random.nextInt(12) == 0) {
                put(OTHERS[random.nextInt(OTHERS.length)]);
            } else {
                out.write(random.nextInt(10) == 0 ? ' ' : '!' + random.nextInt(94));
            }
        }
    }

    private void wide() {
        for (int i = random.nextInt(5); i >= 0; i--) {
            put(WIDE[random.nextInt(WIDE.length)]);
            if (random.nextInt(5) == 0) {
                put(MARKS[random.nextInt(MARKS.length)]);
            }
        }
    }

    private String sgr() {
        StringBuilder all = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            all.append(all.isEmpty() ? "" : ";").append(attribute());
        }
        return all.toString();
    }

    private String attribute() {
        int color = random.nextInt(256);
        return switch (random.nextInt(12)) {
            case 0, 1 -> "";
            case 2 -> Integer.toString(30 + random.nextInt(8));
            case 3, 4 -> Integer.toString(40 + random.nextInt(8));
            case 5 -> Integer.toString((random.nextBoolean() ? 90 : 100) + random.nextInt(8));
            case 6 -> pick("38", "48", "58") + ";5;" + color;
            case 7 -> pick("38", "48", "58") + ";2;" + color + ";" + random.nextInt(256) + ";7";
            case 8 ->
                pick("38", "48", "58")
                        + pick(
                                ":5:" + color,
                                ":2::" + color + ":1:2",
                                ":2:" + color + ":3:4",
                                ":2:1:" + color + "::9",
                                ":2::" + color + ":",
                                ":2:" + color,
                                ":5:",
                                ":");
            case 9 -> "4:" + random.nextInt(7);
            default -> Integer.toString(FLAGS[random.nextInt(FLAGS.length)]);
        };
    }

    private void move() {
        switch (random.nextInt(4)) {
            case 0 -> put("\u001b[" + number(rows + 2) + ";" + number(cols + 2) + pick("H", "f"));
            case 1 -> put("\u001b[" + number(cols + 2) + pick("G", "`", "a", "C", "D"));
            case 2 -> put("\u001b[" + number(rows + 2) + pick("d", "e", "A", "B", "E", "F"));
            default -> put("\u001b[" + pick("H", cols + "G", "A", rows + ";" + cols + "H"));
        }
    }

    private void mode() {
        if (random.nextInt(4) == 0) {
            put("\u001b[" + pick("4", "20", "4;20") + pick("h", "l"));
        } else {
            int mode = PRIVATE_MODES[random.nextInt(PRIVATE_MODES.length)];
            put("\u001b[?" + mode + pick("h", "h", "l"));
        }
    }

    private void osc() {
        String end = pick("\u0007", "\u001b\\");
        switch (random.nextInt(6)) {
            case 0 -> put("\u001b]" + pick("0", "1", "2") + ";tïtle " + random.nextInt(100) + end);
            case 1, 2 -> put("\u001b]8;" + pick("", "id=a", "x=y:id=b") + ";http://e/" + random.nextInt(3) + end);
            case 3 -> put("\u001b]8;" + pick("", "", "id=a") + ";" + end);
            case 4 -> put("\u001b]" + pick("4;1;#123456", "10;#abc", "11;rgb:1/2/3", "12;?x", "104", "110") + end);
            default -> put("\u001b]" + pick("52;c;aGk=", "7;file://h/tmp/x", "133;A", "9;hi", "xyz", "1337;a=b") + end);
        }
    }

    private void rare() {
        put(
                switch (random.nextInt(12)) {
                    case 0 -> "\u001bc";
                    case 1 -> "\u001b[!p";
                    case 2 -> "\u001b[" + random.nextInt(8) + " q";
                    case 3 -> "\u001b[" + random.nextInt(3) + "\"q";
                    case 4 -> "\u001bP1$r0m\u001b\\";
                    case 5 -> "\u001b_application\u001b\\";
                    case 6 -> "\u0018";
                    case 7 -> "\u001b[1?2m";
                    case 8 -> "\u001b[>4;1m";
                    case 9 -> "\u0084";
                    case 10 -> "\u009b3D";
                    default -> "\u001b[22;0t";
                });
    }

    private void rectangle() {
        String area = number(rows + 2) + ";" + number(cols + 2) + ";" + number(rows + 2) + ";" + number(cols + 2);
        switch (random.nextInt(7)) {
            case 0 -> put("\u001b[" + pick("42", "233", "128", "") + ";" + area + "$x");
            case 1 -> put("\u001b[" + area + "$z");
            case 2 -> put("\u001b[" + area + "${");
            case 3, 4 -> put("\u001b[" + area + ";1;" + number(rows + 2) + ";" + number(cols + 2) + ";1$v");
            case 5 ->
                put("\u001b[" + area + ";" + pick("0", "1", "4;7", "5;8", "22;1", "24;27", "0;4", "")
                        + pick("$r", "$t"));
            default -> put("\u001b[" + pick("", "1", "2", "2", "3") + "*x");
        }
    }

    private String selective() {
        return random.nextInt(5) == 0 ? "?" : "";
    }

    private String count() {
        return random.nextInt(3) == 0 ? "" : Integer.toString(random.nextInt(6));
    }

    private String number(int bound) {
        return random.nextInt(6) == 0 ? "" : Integer.toString(random.nextInt(bound));
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }
}
