package io.termbus.vt.screen;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A row at rest, as a byte array: byte 0 holds flags, then cells without trailing erased ones. A plain
 * row has one byte a cell. Rows with marks, links or underline styles carry a table beside the bytes; a shell's marks are the last in it.
 */
final class PackedRow {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final byte WRAPPED = 1;
    private static final byte PLAIN = 2;
    private static final byte MARKED = 4;
    /** Cell encodings above ASCII; the low two bits are the width. */
    private static final int CODE_POINT_TAG = 0x80;

    private static final int COMBINED_TAG = 0x84;
    private static final int RIGHT_HALF = 0x88;

    /** What a byte array takes beside its bytes, with the reference to it. */
    private static final int ARRAY_BYTES = 24;

    /** A packed row with its two arrays' headers. */
    private static final int ROW_BYTES = 40;

    private static final int REFERENCE_BYTES = 4;

    private final byte[] bytes;
    private final Object[] table;

    private PackedRow(byte[] bytes, Object[] table) {
        this.bytes = bytes;
        this.table = table;
    }

    /** A byte array, or a {@link PackedRow} where a table is needed. */
    static Object pack(Row row) {
        row.settle();
        int extent = row.extent();
        Object packed = row.plain() ? packPlain(row, extent) : new Packer(row, extent).pack();
        return row.marks == null ? packed : withMarks(packed, row.marks);
    }

    private static byte[] packPlain(Row row, int extent) {
        byte[] bytes = new byte[extent + 1];
        bytes[0] = row.wrapped ? WRAPPED | PLAIN : PLAIN;
        row.copyPlain(bytes, 1, extent);
        return bytes;
    }

    private static PackedRow withMarks(Object packed, RowMarks marks) {
        byte[] bytes = bytes(packed);
        bytes[0] |= MARKED;
        Object[] before = packed instanceof PackedRow rich ? rich.table : new Object[0];
        Object[] table = Arrays.copyOf(before, before.length + 1);
        table[before.length] = marks;
        return new PackedRow(bytes, table);
    }

    private static byte[] bytes(Object packed) {
        return packed instanceof PackedRow rich ? rich.bytes : (byte[]) packed;
    }

    /** Bytes that it takes, without its links. */
    static int memory(Object packed) {
        int bytes = ARRAY_BYTES + bytes(packed).length;
        if (packed instanceof PackedRow rich) {
            bytes += ROW_BYTES;
            for (Object value : rich.table) {
                bytes += REFERENCE_BYTES + bytesOf(value);
            }
        }
        return bytes;
    }

    private static int bytesOf(Object value) {
        if (value instanceof String text) {
            return Hyperlink.bytes(text);
        }
        return value instanceof RowMarks ? RowMarks.BYTES : Extended.BYTES;
    }

    /** Each link, once for each entry that refers to it; returns whether there are any. */
    static boolean links(Object packed, Consumer<Hyperlink> each) {
        boolean any = false;
        if (packed instanceof PackedRow rich) {
            for (Object value : rich.table) {
                if (value instanceof Extended extended && extended.link() != null) {
                    each.accept(extended.link());
                    any = true;
                }
            }
        }
        return any;
    }

    static boolean wrapped(Object packed) {
        return (bytes(packed)[0] & WRAPPED) != 0;
    }

    /** True where the row surely fits the width, known without unpacking. */
    static boolean fits(Object packed, int cols) {
        byte[] bytes = bytes(packed);
        return (bytes[0] & PLAIN) != 0 && bytes.length - 1 <= cols;
    }

    static Row unpack(Object packed, int cols) {
        byte[] bytes = bytes(packed);
        Row row;
        if ((bytes[0] & PLAIN) != 0) {
            row = Row.ofPlain(cols, bytes, 1, Math.min(cols, bytes.length - 1));
        } else {
            row = new Row(cols);
            new Unpacker(bytes, packed instanceof PackedRow rich ? rich.table : new Object[0], row).unpack();
        }
        row.wrapped = (bytes[0] & WRAPPED) != 0;
        if ((bytes[0] & MARKED) != 0 && packed instanceof PackedRow rich) {
            row.marks = (RowMarks) rich.table[rich.table.length - 1];
        }
        return row;
    }

    private static final class Packer {
        /** Most bytes of a run without its cells, and of a cell. */
        private static final int RUN_BYTES = 12;

        private static final int CELL_BYTES = 4;

        /** Holds the longest row; so packing makes nothing but what is kept. */
        private static final ThreadLocal<byte[]> SCRATCH =
                ThreadLocal.withInitial(() -> new byte[1 + Terminal.MAX_SIZE * (RUN_BYTES + CELL_BYTES)]);

        private final Row row;
        private final int[] content;
        private final int[] fg;
        private final int[] bg;
        private final int extent;
        private final List<Object> table = new ArrayList<>();
        private final byte[] out = SCRATCH.get();
        private int size;

        Packer(Row row, int extent) {
            this.row = row;
            content = row.content;
            fg = row.fg;
            bg = row.bg;
            this.extent = extent;
        }

        Object pack() {
            out[size++] = row.wrapped ? WRAPPED : 0;
            for (int x = 0; x < extent; ) {
                int end = endOfRun(x);
                run(x, end);
                x = end;
            }
            byte[] bytes = Arrays.copyOf(out, size);
            return table.isEmpty() ? bytes : new PackedRow(bytes, table.toArray());
        }

        private int endOfRun(int from) {
            int x = from + 1;
            int fgOfRun = fg[from];
            int bgOfRun = bg[from];
            while (x < extent && fg[x] == fgOfRun && bg[x] == bgOfRun) {
                if ((bgOfRun & Cells.BG_EXTENDED) != 0 && !row.extended(from).equals(row.extended(x))) {
                    break;
                }
                x++;
            }
            return x;
        }

        private void run(int from, int to) {
            out[size] = (byte) (to - from);
            out[size + 1] = (byte) (to - from >> 8);
            INTS.set(out, size + 2, fg[from]);
            INTS.set(out, size + 6, bg[from]);
            size += 10;
            if ((bg[from] & Cells.BG_EXTENDED) != 0) {
                putReference(row.extended(from), size);
                size += 2;
            }
            cells(from, to);
        }

        private void cells(int from, int to) {
            byte[] target = out;
            int at = size;
            int x = from;
            while (x < to) {
                int cell = content[x];
                if (Row.plainContent(cell)) {
                    if (x + 4 <= to && fourPlain(x)) {
                        INTS.set(target, at, cell << 24 | ascii(x + 1) << 16 | ascii(x + 2) << 8 | ascii(x + 3));
                        at += 4;
                        x += 4;
                        continue;
                    }
                    target[at++] = (byte) (cell & 0x7F);
                } else if (cell == 0) {
                    target[at++] = (byte) RIGHT_HALF;
                } else if ((cell & Cells.COMBINED) != 0) {
                    target[at] = (byte) (COMBINED_TAG | Cells.width(cell));
                    putReference(row.text(x), at + 1);
                    at += 3;
                } else {
                    INTS.set(target, at, (CODE_POINT_TAG | Cells.width(cell)) << 24 | cell & Cells.CODE_POINT);
                    at += 4;
                }
                x++;
            }
            size = at;
        }

        private boolean fourPlain(int x) {
            return Row.plainContent(content[x + 1])
                    && Row.plainContent(content[x + 2])
                    && Row.plainContent(content[x + 3]);
        }

        private int ascii(int x) {
            return content[x] & 0x7F;
        }

        private void putReference(Object value, int at) {
            int index = table.size() - 1;
            if (index < 0 || !table.get(index).equals(value)) {
                index = table.size();
                table.add(value);
            }
            out[at] = (byte) (index >> 8);
            out[at + 1] = (byte) index;
        }
    }

    private static final class Unpacker {
        private final byte[] bytes;
        private final Object[] table;
        private final Row row;
        private int at = 1;

        Unpacker(byte[] bytes, Object[] table, Row row) {
            this.bytes = bytes;
            this.table = table;
            this.row = row;
        }

        void unpack() {
            for (int x = 0; at < bytes.length; ) {
                x = run(x);
            }
        }

        private int run(int from) {
            int count = next() | next() << 8;
            int fg = nextInt();
            int bg = nextInt();
            Extended extended = (bg & Cells.BG_EXTENDED) == 0 ? Extended.NONE : (Extended) table[next() << 8 | next()];
            for (int x = from; x < from + count; x++) {
                cell(x, fg, bg, extended);
            }
            return from + count;
        }

        private void cell(int x, int fg, int bg, Extended extended) {
            int tag = next();
            @Nullable String text = null;
            int cell;
            if (tag < CODE_POINT_TAG) {
                cell = Cells.content(tag, 1);
            } else if (tag == RIGHT_HALF) {
                cell = 0;
            } else if (tag >= COMBINED_TAG) {
                cell = Cells.COMBINED | (tag & 3) << Cells.WIDTH_SHIFT;
                text = (String) table[next() << 8 | next()];
            } else {
                cell = Cells.content(next() << 16 | next() << 8 | next(), tag & 3);
            }
            if (x < row.cols()) {
                row.set(x, cell, fg, bg, extended);
                if (text != null) {
                    row.setCombined(x, text);
                }
            }
        }

        private int next() {
            return bytes[at++] & 0xFF;
        }

        private int nextInt() {
            return next() << 24 | next() << 16 | next() << 8 | next();
        }
    }
}
