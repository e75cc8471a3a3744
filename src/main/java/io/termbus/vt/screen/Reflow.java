package io.termbus.vt.screen;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rewraps soft-wrapped lines to a new width. Works on the lines in place, as the client does, so that its corner cases come out the same. */
final class Reflow {
    /**
     * Cells of a soft-wrapped line that is rewrapped at a time, at either width: they are unpacked for that, 12 bytes each.
     * One of more than half a million characters is rewrapped in pieces, each of which begins a row.
     */
    static final int LINE_CELLS = 1 << 19;

    private final LineList lines;
    private final int mostRows;
    private final int oldCols;
    private final int newCols;
    private final int newHeight;
    private final int limit;
    int base;
    int y;
    int savedLine;

    Reflow(LineList lines, int oldCols, int newCols, int newHeight, int limit) {
        this.lines = lines;
        this.oldCols = oldCols;
        this.newCols = newCols;
        this.newHeight = newHeight;
        this.limit = limit;
        mostRows = Math.max(2, LINE_CELLS / Math.max(oldCols, newCols));
    }

    /** Joins wrapped rows into fewer, wider ones. */
    void larger() {
        boolean[] removed = new boolean[lines.size()];
        int count = 0;
        for (int first = 0; first < lines.size() - 1; first++) {
            if (!lines.wrapped(first + 1)) {
                continue;
            }
            int end = first + 1;
            while (end < lines.size() && lines.wrapped(end) && end - first < mostRows) {
                end++;
            }
            int cursor = base + y;
            if (cursor < first || cursor >= end) {
                int empty = joinRows(first, end);
                for (int i = end - empty; i < end; i++) {
                    removed[i] = true;
                }
                count += empty;
                for (int i = first; i < end; i++) {
                    lines.pack(i);
                }
            }
            first = end - 1;
        }
        if (count > 0) {
            removeLines(removed);
            adjustAfterRemoval(count);
        }
    }

    /** Moves cells up within the rows {@code [first, end)}; returns how many rows at the end are left over. */
    private int joinRows(int first, int end) {
        int count = end - first;
        int to = 0;
        int toCol = lengthOf(first, 0, count);
        int from = 1;
        int fromCol = 0;
        while (from < count) {
            if (fromCol == 0) {
                moveMarks(lines.get(first + from), lines.get(first + to));
            }
            int length = lengthOf(first, from, count);
            int copied = Math.min(length - fromCol, newCols - toCol);
            RowEdits.copy(lines.get(first + to), lines.get(first + from), fromCol, toCol, copied, false);
            toCol += copied;
            if (toCol == newCols) {
                to++;
                toCol = 0;
            }
            fromCol += copied;
            if (fromCol == length) {
                from++;
                fromCol = 0;
            }
            if (toCol == 0 && to != 0) {
                toCol = carryWideCharacter(first + to);
            }
        }
        clearRest(lines.get(first + to), toCol);
        int empty = 0;
        for (int i = count - 1; i > 0 && (i > to || lines.get(first + i).trimmedLength() == 0); i--) {
            empty++;
        }
        return empty;
    }

    private static void moveMarks(Row from, Row to) {
        if (from != to && from.marks != null) {
            to.marks = RowMarks.join(to.marks, from.marks);
            from.marks = null;
        }
    }

    private int lengthOf(int first, int index, int count) {
        return trimmedLength(
                lines.get(first + index), index + 1 < count ? lines.get(first + index + 1) : null, oldCols);
    }

    /** A wide character that does not fit in the last column moves to the next row. */
    private int carryWideCharacter(int line) {
        Row above = lines.get(line - 1);
        if (above.width(newCols - 1) != 2) {
            return 0;
        }
        RowEdits.copy(lines.get(line), above, newCols - 1, 0, 1, false);
        above.erase(newCols - 1, 0);
        return 1;
    }

    private void clearRest(Row row, int from) {
        RowEdits.erase(row, from, newCols, 0);
    }

    private void removeLines(boolean[] removed) {
        List<Object> kept = new ArrayList<>();
        for (int i = 0; i < removed.length; i++) {
            if (!removed[i]) {
                kept.add(lines.raw(i));
            }
        }
        lines.replace(kept);
    }

    private void adjustAfterRemoval(int count) {
        for (int i = 0; i < count; i++) {
            if (base > 0) {
                base--;
                continue;
            }
            if (y > 0) {
                y--;
            }
            if (lines.size() < newHeight) {
                lines.addBlank(newCols);
            }
        }
        savedLine = Math.max(savedLine - count, 0);
    }

    private record Insertion(int start, List<Object> rows) {}

    /** Wraps long lines into more, narrower rows. */
    void smaller() {
        List<Insertion> insertions = new ArrayList<>();
        int inserted = 0;
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (!lines.wrapped(i) && lines.fits(i, newCols)) {
                continue;
            }
            int end = i + 1;
            while (lines.wrapped(i) && i > 0 && end - i < mostRows) {
                i--;
            }
            int cursor = base + y;
            if (cursor >= i && cursor < end) {
                continue;
            }
            List<Row> group = new ArrayList<>();
            for (int k = i; k < end; k++) {
                group.add(lines.get(k));
            }
            List<Object> added = splitRows(group);
            for (int k = i; k < end; k++) {
                lines.pack(k);
            }
            if (!added.isEmpty()) {
                insertions.add(new Insertion(end + inserted, added));
                inserted += added.size();
            }
            adjustAfterInsertion(added.size(), inserted);
            if (inserted >= limit + newHeight) {
                break; // older lines would only be dropped
            }
        }
        if (!insertions.isEmpty()) {
            insert(insertions, inserted);
        }
    }

    /** Moves cells down within the group, which grows; returns the new rows. */
    private List<Object> splitRows(List<Row> group) {
        int lastLength = group.get(group.size() - 1).trimmedLength();
        int oldCount = group.size();
        List<Integer> lengths = newLengths(group);
        List<Row> added = new ArrayList<>();
        for (int i = oldCount; i < lengths.size(); i++) {
            Row row = new Row(newCols);
            row.wrapped = true;
            added.add(row);
        }
        int[] places = placesOf(group, lengths);
        group.addAll(added);
        for (int i = oldCount - 1; i > 0; i--) { // from the last on: none of them moves up
            moveMarks(group.get(i), group.get(places[i]));
        }
        int to = lengths.size() - 1;
        int toCol = length(lengths, to);
        if (toCol == 0) {
            toCol = length(lengths, --to);
        }
        int from = group.size() - added.size() - 1;
        int fromCol = lastLength;
        while (from >= 0 && to >= 0 && to < group.size()) {
            int copied = Math.min(fromCol, toCol);
            RowEdits.copy(group.get(to), group.get(from), fromCol - copied, toCol - copied, copied, true);
            toCol -= copied;
            if (toCol == 0) {
                toCol = length(lengths, --to);
            }
            fromCol -= copied;
            if (fromCol == 0) {
                from--;
                int index = Math.max(from, 0);
                fromCol = trimmedLength(
                        group.get(index), index + 1 < group.size() ? group.get(index + 1) : null, oldCols);
            }
        }
        for (int i = 0; i < group.size(); i++) {
            if (length(lengths, i) < newCols && i < lengths.size()) {
                group.get(i).set(lengths.get(i), Cells.NULL, 0, 0, Extended.NONE);
            }
        }
        return added.stream().map(PackedRow::pack).toList();
    }

    /** The rows that the first characters of the rows go to. */
    private int[] placesOf(List<Row> group, List<Integer> lengths) {
        int[] places = new int[group.size()];
        int begin = 0;
        int place = 0;
        int end = length(lengths, 0);
        for (int i = 1; i < places.length; i++) {
            begin += groupLength(group, i - 1);
            while (begin >= end && place + 1 < lengths.size()) {
                end += length(lengths, ++place);
            }
            places[i] = place;
        }
        return places;
    }

    private static int length(List<Integer> lengths, int index) {
        return index >= 0 && index < lengths.size() ? lengths.get(index) : 0;
    }

    private List<Integer> newLengths(List<Row> group) {
        int needed = 0;
        for (int i = 0; i < group.size(); i++) {
            needed += groupLength(group, i);
        }
        List<Integer> lengths = new ArrayList<>();
        int col = 0;
        int source = 0;
        for (int available = 0; available < needed; ) {
            if (needed - available < newCols) {
                lengths.add(needed - available);
                break;
            }
            col += newCols;
            int length = groupLength(group, source);
            if (col > length) {
                col -= length;
                source++;
            }
            boolean wide = group.get(Math.min(source, group.size() - 1)).width(col - 1) == 2;
            if (wide) {
                col--;
            }
            lengths.add(wide ? newCols - 1 : newCols);
            available += wide ? newCols - 1 : newCols;
        }
        return lengths;
    }

    private int groupLength(List<Row> group, int index) {
        int i = Math.min(index, group.size() - 1);
        return trimmedLength(group.get(i), i + 1 < group.size() ? group.get(i + 1) : null, oldCols);
    }

    private void adjustAfterInsertion(int added, int inserted) {
        int trimmed = base == 0 && y != lines.size() - 1
                ? Math.max(0, y - limit + added)
                : Math.max(0, lines.size() - limit + added);
        for (int i = 0; i < added - trimmed; i++) {
            if (base != 0) {
                if (base < Math.min(limit, lines.size() + inserted) - newHeight) {
                    base++;
                }
            } else if (y < newHeight - 1) {
                y++;
                lines.removeLast();
            } else {
                base++;
            }
        }
        savedLine = Math.min(savedLine + added, base + newHeight - 1);
    }

    private void insert(List<Insertion> insertions, int inserted) {
        List<Object> original = lines.copy();
        int total = original.size() + inserted;
        List<Object> reversed = new ArrayList<>(total);
        int next = 0;
        int insertedSoFar = 0;
        int index = original.size() - 1;
        while (reversed.size() < total) {
            if (next < insertions.size() && insertions.get(next).start() > index + insertedSoFar) {
                List<Object> rows = insertions.get(next++).rows();
                for (int i = rows.size() - 1; i >= 0; i--) {
                    reversed.add(rows.get(i));
                }
                insertedSoFar += rows.size();
            } else if (index >= 0) {
                reversed.add(original.get(index--));
            } else {
                break;
            }
        }
        Collections.reverse(reversed);
        lines.replace(reversed);
        int surplus = reversed.size() - limit;
        if (surplus > 0) {
            lines.removeFirst(surplus);
        }
    }

    private static int trimmedLength(Row row, @Nullable Row next, int cols) {
        if (next == null) {
            return row.trimmedLength();
        }
        boolean endsErased = !row.hasContent(cols - 1) && row.width(cols - 1) == 1;
        return endsErased && next.width(0) == 2 ? cols - 1 : cols;
    }
}
