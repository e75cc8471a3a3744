package io.termbus.cli.terminal;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps what a session's output does to stacks and settings that the user's terminal has for itself within the
 * attachment, and knows what is left to undo at its end. Pushed titles are kept here; pushed keyboard levels are counted,
 * so that none is popped but the session's own; a full reset becomes a plain screen, as it would empty the user's stacks
 * and scrollback. Texts are bytes, one a character. Not thread-safe.
 */
public final class Containment {
    /** As many as xterm keeps. */
    private static final int MAX_TITLES = 10;
    /** Terminals keep few, and drop the oldest, which is the user's. */
    private static final int MAX_LEVELS = 6;

    private static final int MAIN = 0;
    private static final int ALTERNATE = 1;

    private static final Pattern CSI = Pattern.compile("([<=>?]?)([0-9:;]*)([ -/]*)([@-~])", Pattern.DOTALL);
    private static final Set<String> ALTERNATE_MODES = Set.of("47", "1047", "1049");

    private final String ownTitle;
    private final String directory;
    private final Deque<String> titles = new ArrayDeque<>();
    private String title;
    private final int[] levels = new int[2];
    private int screen = MAIN;
    private boolean movedDirectory;

    /**
     * @param ownTitle what stands in the title until the session sets one
     * @param directory where the user is, as OSC 7 has it: for terminals that open new windows there
     */
    public Containment(String ownTitle, String directory) {
        this.ownTitle = ownTitle;
        this.directory = directory;
        this.title = ownTitle;
    }

    /**
     * @param sequence what follows CSI, through the final byte
     * @return what the terminal gets in its place
     */
    String csi(String sequence) {
        Matcher parts = CSI.matcher(sequence);
        String whole = "\033[" + sequence;
        if (!parts.matches()) {
            return whole;
        }
        List<String> numbers = List.of(parts.group(2).split(";", -1));
        return switch (parts.group(1) + parts.group(3) + parts.group(4)) {
            case "t" -> window(numbers);
            // how titles are written and told: nobody's but the terminal's
            case ">t", ">T" -> "";
            case ">u" -> pushed(numbers.get(0), whole);
            case "<u" -> popped(numbers.get(0));
            // one place for each mode, which holds what the user had
            case "?s", "?r" -> ControlSequences.isKept(numbers) ? "" : whole;
            case "?h" -> switched(numbers, ALTERNATE, whole);
            case "?l" -> switched(numbers, MAIN, whole);
            default -> whole;
        };
    }

    /** What the terminal gets in place of a full reset. */
    String reset() {
        return blank() + "\033]2;" + ownTitle + "\007";
    }

    /** Of a title that the session sets, with or without an icon's. */
    void titled(String text) {
        title = text;
    }

    /** The session says where it is. */
    void moved() {
        movedDirectory = true;
    }

    /** Before a snapshot: nothing of what was before holds. */
    public String blank() {
        String undone = unpush();
        Arrays.fill(levels, 0);
        screen = MAIN;
        titles.clear();
        title = ownTitle;
        return undone + ControlSequences.BLANK;
    }

    /** At the end; nothing changes by asking. */
    public String leave() {
        return unpush() + ControlSequences.LEAVE + (movedDirectory ? "\033]7;" + directory + "\033\\" : "");
    }

    /** Pushes and pops of the title; what moves or sizes the user's window is not for a session to say. */
    private String window(List<String> numbers) {
        boolean ofTitle = numbers.size() < 2 || !numbers.get(1).equals("1");
        if (numbers.get(0).equals("22") && ofTitle) {
            titles.push(title);
            if (titles.size() > MAX_TITLES) {
                titles.removeLast();
            }
        } else if (numbers.get(0).equals("23") && ofTitle && !titles.isEmpty()) {
            title = titles.pop();
            return "\033]2;" + title + "\007";
        }
        return "";
    }

    private String pushed(String flags, String whole) {
        if (levels[screen] == MAX_LEVELS) {
            return "\033[=" + flags + "u";
        }
        levels[screen]++;
        return whole;
    }

    private String popped(String count) {
        int wanted = count.isEmpty() ? 1 : number(count).orElse(MAX_LEVELS);
        int own = Math.min(wanted, levels[screen]);
        levels[screen] -= own;
        return own == 0 ? "\033[=0u" : "\033[<" + own + "u";
    }

    private static Optional<Integer> number(String text) {
        return text.matches("[0-9]{1,4}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    private String switched(List<String> modes, int to, String whole) {
        if (modes.stream().anyMatch(ALTERNATE_MODES::contains)) {
            screen = to;
        }
        return whole;
    }

    /** Pops what the session has pushed, on each screen its own, and goes to the main one. */
    private String unpush() {
        StringBuilder undo = new StringBuilder("\030");
        if (levels[ALTERNATE] > 0) {
            String pop = "\033[<" + levels[ALTERNATE] + "u";
            undo.append(screen == ALTERNATE ? pop : "\033[?1047h" + pop + "\033[?1047l");
        }
        if (levels[MAIN] > 0) {
            String pop = "\033[<" + levels[MAIN] + "u";
            undo.append(screen == MAIN ? pop : "\033[=0u\033[?1049l" + pop);
        }
        return undo.toString();
    }
}
