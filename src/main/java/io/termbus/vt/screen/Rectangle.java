package io.termbus.vt.screen;

import io.termbus.vt.parser.Params;

/** A part of the screen: rows {@code [top, bottom)}, columns {@code [left, right)}, from 0, all of them on it. */
record Rectangle(int top, int left, int bottom, int right) {
    /** Top, left, bottom and right from 1, the latter two included, from {@code index} on; 0 is an edge of the screen. */
    static Rectangle of(Params p, int index, ScreenBuffer buffer, boolean origin) {
        int first = origin ? buffer.scrollTop : 0;
        int end = origin ? buffer.scrollBottom + 1 : buffer.height();
        return new Rectangle(
                first + Math.min(Math.max(1, p.get(index)) - 1, end - first),
                Math.min(Math.max(1, p.get(index + 1)) - 1, buffer.cols()),
                first + edge(p.get(index + 2), end - first),
                edge(p.get(index + 3), buffer.cols()));
    }

    private static int edge(int last, int size) {
        return last == 0 ? size : Math.min(last, size);
    }

    /** From the same place to the edges of the screen, or of the margins. */
    Rectangle toEdges(ScreenBuffer buffer, boolean origin) {
        return new Rectangle(top, left, origin ? buffer.scrollBottom + 1 : buffer.height(), buffer.cols());
    }

    /** What begins at the same place as {@code other} but is no larger than this. */
    Rectangle within(Rectangle other) {
        return new Rectangle(
                other.top,
                other.left,
                Math.min(other.bottom, other.top + bottom - top),
                Math.min(other.right, other.left + right - left));
    }

    /** True also where the parameters are out of order. */
    boolean empty() {
        return top >= bottom || left >= right;
    }
}
