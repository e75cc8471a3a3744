package io.termbus.vt;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes cases for the judge out of seeds. */
final class Differential {
    private Differential() {}

    /** A small terminal, a random stream, sometimes resized, cut at a random byte. */
    static Judge.Case random(long seed) {
        Random random = new Random(seed);
        int cols = 3 + random.nextInt(random.nextInt(4) == 0 ? 60 : 14);
        int rows = 1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 6);
        int scrollback = random.nextInt(3) == 0 ? random.nextInt(5) : 40;
        Streams streams = new Streams(random, cols, rows);
        byte[] stream = streams.next(4 + random.nextInt(40));
        int cut = random.nextInt(stream.length + 1);
        int resizes = random.nextInt(3) == 0 ? 1 + random.nextInt(random.nextInt(3) + 1) : 0;
        Operation.Resize start = new Operation.Resize(cols, rows);
        List<Operation> before = resizedAlong(random, Arrays.copyOf(stream, cut), resizes, start, cols, rows);
        byte[] after = Arrays.copyOfRange(stream, cut, stream.length);
        List<Operation> rest =
                resizedAlong(random, after, random.nextInt(8) == 0 ? 1 : 0, sizeAfter(before, start), cols, rows);
        List<Operation> suffix = new ArrayList<>();
        suffix.add(new Operation.Output(streams.next(6)));
        if (random.nextInt(4) == 0) {
            suffix.add(resize(random, cols, rows));
        }
        return of("seed " + seed, cols, rows, scrollback, before, rest, suffix, random.nextInt(4) == 0);
    }

    /** The stream with the terminal resized at random bytes of it; not to its own size, which would just cut the stream. */
    private static List<Operation> resizedAlong(
            Random random, byte[] stream, int resizes, Operation.Resize size, int cols, int rows) {
        List<Operation> all = new ArrayList<>();
        Operation.Resize last = size;
        int from = 0;
        for (int i = 0; i < resizes; i++) {
            Operation.Resize next = resize(random, cols, rows);
            if (!next.equals(last)) {
                int to = from + random.nextInt(stream.length - from + 1);
                all.add(new Operation.Output(Arrays.copyOfRange(stream, from, to)));
                all.add(next);
                last = next;
                from = to;
            }
        }
        all.add(new Operation.Output(Arrays.copyOfRange(stream, from, stream.length)));
        return all;
    }

    private static Operation.Resize sizeAfter(List<Operation> operations, Operation.Resize start) {
        return operations.stream()
                .filter(Operation.Resize.class::isInstance)
                .map(Operation.Resize.class::cast)
                .reduce(start, (earlier, later) -> later);
    }

    private static Operation.Resize resize(Random random, int cols, int rows) {
        return new Operation.Resize(
                Math.max(3, cols + random.nextInt(9) - 4), Math.max(1, rows + random.nextInt(5) - 2));
    }

    /** A recorded stream, cut at a byte, with scrollback enough. */
    static Judge.Case cut(String name, int cols, int rows, byte[] stream, int cut) {
        List<Operation> before = List.of(new Operation.Output(Arrays.copyOf(stream, cut)));
        List<Operation> rest = List.of(new Operation.Output(Arrays.copyOfRange(stream, cut, stream.length)));
        List<Operation> suffix = List.of(new Operation.Output(
                "\r\nafter\u001b[2;2Hmore\u001b[1P\u001b[?1049l\n".getBytes(StandardCharsets.UTF_8)));
        return of(name + " cut at " + cut, cols, rows, 1000, before, rest, suffix, false);
    }

    static Judge.Case of(
            String name,
            int cols,
            int rows,
            int scrollback,
            List<Operation> before,
            List<Operation> rest,
            List<Operation> suffix,
            boolean dirty) {
        Terminal terminal = new Terminal(cols, rows, scrollback, TerminalListener.SILENT);
        before.forEach(operation -> operation.applyTo(terminal));
        byte[] snapshot = Snapshots.ansi(terminal, scrollback);
        return new Judge.Case(
                name,
                cols,
                rows,
                scrollback,
                before,
                Dump.of(terminal),
                terminal.cols(),
                terminal.rows(),
                snapshot,
                rest,
                suffix,
                dirty);
    }
}
