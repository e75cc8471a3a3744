package io.termbus.cli.terminal;

import io.termbus.vt.parser.Params;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Keeps what a session's output does to stacks and settings that the user's terminal has for itself within the
 * attachment, and knows what is left to undo at its end. Pushed titles are kept here; pushed keyboard levels are counted,
 * so that none is popped but the session's own; a full reset becomes a plain screen, as it would empty the user's stacks
 * and scrollback. Not thread-safe.
 */
public final class Containment {
    /** xterm keeps as many. */
    private static final int MAX_TITLES = 10;
    /** A longer title is shown, and not kept. */
    private static final int MAX_TITLE_CHARS = 4096;
    /** Terminals keep few, and drop the oldest, which is the user's. */
    private static final int MAX_LEVELS = 6;

    private static final int MAIN = 0;
    private static final int ALTERNATE = 1;

    private static final Set<Integer> ALTERNATE_MODES = Set.of(47, 1047, 1049);

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

    /** Returns what the terminal gets in place of the sequence; empty: the sequence itself. */
    Optional<String> csi(String function, Params params) {
        return switch (function) {
            case "t" -> Optional.of(window(params));
            // how titles are written and told: nobody's but the terminal's
            case ">t", ">T" -> Optional.of("");
            case ">u" -> pushed(params.get(0));
            case "<u" -> Optional.of(popped(params.count()));
            // one place for each mode, which holds what the user had
            case "?s", "?r" -> any(params, ControlSequences.KEPT::contains) ? Optional.of("") : Optional.empty();
            case "?h" -> switched(params, ALTERNATE);
            case "?l" -> switched(params, MAIN);
            default -> Optional.empty();
        };
    }

    /** Takes note of a title, and of a directory: what the session said, which the terminal gets as it is. */
    void osc(int id, String data) {
        if ((id == 0 || id == 2) && data.length() <= MAX_TITLE_CHARS) {
            title = data;
        }
        movedDirectory |= id == 7;
    }

    /** Returns what the terminal gets in place of a full reset. */
    String reset() {
        return blank() + "\033]2;" + ownTitle + "\007";
    }

    /** Forgets the session, and returns what undoes it before a snapshot is drawn. */
    public String blank() {
        String undone = unpush();
        Arrays.fill(levels, 0);
        screen = MAIN;
        titles.clear();
        title = ownTitle;
        return undone + ControlSequences.BLANK;
    }

    /** Returns what undoes the session at the end of the attachment; nothing changes by asking. */
    public String leave() {
        return unpush() + ControlSequences.LEAVE + (movedDirectory ? "\033]7;" + directory + "\033\\" : "");
    }

    /** Pushes or pops the title; what moves or sizes the user's window is not for a session to say. */
    private String window(Params params) {
        boolean ofTitle = params.get(1) != 1;
        if (params.get(0) == 22 && ofTitle) {
            titles.push(title);
            if (titles.size() > MAX_TITLES) {
                titles.removeLast();
            }
        } else if (params.get(0) == 23 && ofTitle && !titles.isEmpty()) {
            title = titles.pop();
            return "\033]2;" + title + "\007";
        }
        return "";
    }

    private Optional<String> pushed(int flags) {
        if (levels[screen] == MAX_LEVELS) {
            return Optional.of("\033[=" + flags + "u");
        }
        levels[screen]++;
        return Optional.empty();
    }

    private String popped(int wanted) {
        int own = Math.min(wanted, levels[screen]);
        levels[screen] -= own;
        return own == 0 ? "\033[=0u" : "\033[<" + own + "u";
    }

    private Optional<String> switched(Params modes, int to) {
        if (any(modes, ALTERNATE_MODES::contains)) {
            screen = to;
        }
        return Optional.empty();
    }

    private static boolean any(Params params, IntPredicate wanted) {
        return IntStream.range(0, params.size()).map(params::get).anyMatch(wanted);
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
