package io.termbus.vt.screen;

import java.util.Arrays;

/** Titles, working directory, hyperlinks, colours and the marks of shells. */
final class OscFunctions {
    /** Colours set or asked for by one sequence; there are 259. */
    private static final int MAX_COLORS = 512;

    private final Terminal terminal;

    OscFunctions(Terminal terminal) {
        this.terminal = terminal;
    }

    void dispatch(int id, String data) {
        switch (id) {
            case 0, 2 -> terminal.setTitle(data);
            case 4 -> indexedColors(data);
            case 7 -> workingDirectory(data);
            case 8 -> hyperlink(data);
            case 10, 11, 12 -> specialColors(data, id - 10);
            case 104 -> restoreIndexed(data);
            case 110, 111, 112 -> terminal.palette.restore(Palette.FOREGROUND + id - 110);
            case ShellMark.FINAL_TERM, ShellMark.VS_CODE ->
                ShellMark.of(id, data, terminal.oscBytes()).ifPresent(terminal::mark);
            default -> {}
        }
    }

    private void workingDirectory(String data) {
        if (data.length() <= Terminal.TITLE_LIMIT) {
            terminal.workingDirectoryUri = data;
        }
    }

    /** OSC 8: {@code parameters;uri}; without a URI the link ends, whatever the parameters. */
    private void hyperlink(String data) {
        int semicolon = data.indexOf(';');
        if (semicolon < 0) {
            return;
        }
        String parameters = data.substring(0, semicolon).trim();
        String uri = data.substring(semicolon + 1);
        Pen pen = terminal.pen;
        if (!uri.isEmpty()) {
            pen.setExtended(pen.extended.withLink(new Hyperlink(linkId(parameters), uri)));
        } else {
            pen.setExtended(pen.extended.withLink(null));
        }
    }

    private static String linkId(String parameters) {
        return Arrays.stream(parameters.split(":", MAX_COLORS))
                .filter(parameter -> parameter.startsWith("id="))
                .map(parameter -> parameter.substring(3))
                .findFirst()
                .orElse("");
    }

    /** OSC 4: pairs of index and colour, or ? for a query. */
    private void indexedColors(String data) {
        String[] slots = data.split(";", 2 * MAX_COLORS + 1);
        for (int i = 0; i + 1 < slots.length && i < 2 * MAX_COLORS; i += 2) {
            int index = index(slots[i]);
            if (index >= 0) {
                setOrReport(index, slots[i + 1], "4;" + index);
            }
        }
    }

    private static int index(String text) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int index = Integer.parseInt(text);
        return index < Palette.FOREGROUND ? index : -1;
    }

    /** OSC 10 to 12: further colours in one sequence go to the next of the three. */
    private void specialColors(String data, int first) {
        String[] slots = data.split(";", 4);
        for (int i = 0; i < slots.length && first + i < 3; i++) {
            setOrReport(Palette.FOREGROUND + first + i, slots[i], Integer.toString(10 + first + i));
        }
    }

    private void setOrReport(int index, String specification, String name) {
        if (specification.equals("?")) {
            terminal.reply("\u001b]" + name + ";" + Palette.format(terminal.palette.get(index)) + "\u001b\\");
            return;
        }
        int rgb = Palette.parse(specification);
        if (rgb >= 0) {
            terminal.palette.set(index, rgb);
        }
    }

    private void restoreIndexed(String data) {
        if (data.isEmpty()) {
            terminal.palette.restoreIndexed();
            return;
        }
        for (String slot : data.split(";", MAX_COLORS)) {
            int index = index(slot);
            if (index >= 0) {
                terminal.palette.restore(index);
            }
        }
    }
}
