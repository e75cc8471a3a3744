package io.termbus.vt.screen;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a buffer while it is resized. They stay packed until one is asked for. Lines taken off the end
 * can still be read: the client's reflow does that.
 */
final class LineList {
    private final List<Object> lines;
    private int size;
    private int cols;

    LineList(List<Object> lines, int cols) {
        this.lines = lines;
        size = lines.size();
        this.cols = cols;
    }

    int size() {
        return size;
    }

    Row get(int line) {
        Object found = lines.get(line);
        if (found instanceof Row row) {
            return row;
        }
        Row row = PackedRow.unpack(found, cols);
        lines.set(line, row);
        return row;
    }

    boolean wrapped(int line) {
        Object found = lines.get(line);
        return found instanceof Row row ? row.wrapped : PackedRow.wrapped(found);
    }

    /** True where nothing of the line is lost at this width. */
    boolean fits(int line, int width) {
        Object found = lines.get(line);
        return (!(found instanceof Row) && PackedRow.fits(found, width))
                || get(line).trimmedLength() <= width;
    }

    Object packed(int line) {
        Object found = lines.get(line);
        return found instanceof Row row ? PackedRow.pack(row) : found;
    }

    /** Packs a line again, when a reflow is through with it. */
    void pack(int line) {
        lines.set(line, packed(line));
    }

    Object raw(int line) {
        return lines.get(line);
    }

    void addBlank(int width) {
        lines.subList(size, lines.size()).clear();
        lines.add(new Row(width));
        size++;
    }

    void removeLast() {
        size--;
    }

    void removeFirst(int count) {
        lines.subList(0, count).clear();
        size -= count;
    }

    List<Object> copy() {
        return new ArrayList<>(lines.subList(0, size));
    }

    void replace(List<Object> all) {
        lines.clear();
        lines.addAll(all);
        size = all.size();
    }

    /** Changes the width of every line; packed ones are touched only if they lose cells. */
    void resize(int newCols) {
        int old = cols;
        cols = newCols;
        for (int i = 0; i < lines.size(); i++) {
            Object line = lines.get(i);
            if (line instanceof Row row) {
                if (row.cols() != newCols) {
                    row.resize(newCols);
                }
            } else if (newCols < old && !PackedRow.fits(line, newCols)) {
                lines.set(i, PackedRow.pack(PackedRow.unpack(line, newCols)));
            }
        }
    }
}
