package io.termbus.record;

import io.termbus.record.cast.CastEvent;
import io.termbus.record.cast.CastHeader;
import io.termbus.record.cast.CastReader;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.BoundedSnapshot;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds what was on the screen in a recording: from the keyframe before on, its events are shown to a terminal. Blocks. */
public final class Playback {
    /** What the terminal may take in memory. */
    private static final long STATE_BYTES = 33_554_432;

    private static final long MICROS_PER_MILLI = 1000;

    private final Path cast;
    private final KeyframeIndex index;
    private final int keyframeBytes;

    /** @param keyframeBytes between two keyframes that are made afterwards */
    Playback(Path cast, Path indexFile, int keyframeBytes) {
        this.keyframeBytes = keyframeBytes;
        this.cast = cast;
        this.index = new KeyframeIndex(indexFile);
    }

    /**
     * A terminal as it was.
     *
     * @param millis time of the last event that it was shown
     * @param position of the next event in the file
     * @param offset bytes of the session's output that led to it; exact where they were UTF-8
     */
    public record Shown(Terminal terminal, long millis, long position, long offset) {}

    Shown at(long millis) throws IOException {
        try (FileChannel file = FileChannel.open(cast, StandardOpenOption.READ)) {
            Run run = new Run(file, index.before(millis, file.size()));
            while (run.peek()
                    .filter(next -> next.micros() / MICROS_PER_MILLI <= millis)
                    .isPresent()) {
                run.step();
            }
            return run.shown();
        }
    }

    /** How long a recording is that is over. What its index lacks is made up for: not by two at a time. */
    long endMillis() throws IOException {
        OptionalLong known = index.endMillis();
        return known.isPresent() ? known.getAsLong() : mend();
    }

    private long mend() throws IOException {
        index.cut();
        try (FileChannel file = FileChannel.open(cast, StandardOpenOption.READ)) {
            Run run = new Run(file, index.before(Long.MAX_VALUE, file.size()));
            long newest = run.position();
            while (run.peek().isPresent()) {
                run.step();
                if (run.position() - newest >= keyframeBytes) {
                    newest = run.position();
                    index.add(run.keyframe());
                }
            }
            index.end(run.shown().millis());
            return run.shown().millis();
        }
    }

    /** Shows event after event to a terminal. */
    private static final class Run {
        private final CastReader reader;
        private final Terminal terminal;
        private int skip;
        private long offset;
        private Optional<CastEvent> next = Optional.empty();
        /** Behind the last event that was shown. */
        private long position;

        private long micros;

        Run(FileChannel file, Optional<Keyframe> from) throws IOException {
            if (from.isPresent()) {
                Keyframe frame = from.get();
                position = frame.position();
                micros = frame.baseMillis() * MICROS_PER_MILLI;
                reader = new CastReader(Channels.newInputStream(file.position(position)), position, micros);
                terminal = blank(frame.cols(), frame.rows());
                terminal.feed(frame.state(), 0, frame.state().length);
                skip = frame.skip();
                offset = frame.offset() - skip;
            } else {
                reader = new CastReader(Channels.newInputStream(file));
                CastHeader header = reader.header();
                terminal = blank(header.cols(), header.rows());
                position = reader.position();
            }
        }

        private static Terminal blank(int cols, int rows) {
            return new Terminal(cols, rows, State.SCROLLBACK_LINES, STATE_BYTES, TerminalListener.SILENT);
        }

        Optional<CastEvent> peek() throws IOException {
            if (next.isEmpty()) {
                next = reader.next();
            }
            return next;
        }

        /** Shows what {@link #peek} has found. */
        void step() {
            CastEvent event = next.orElseThrow();
            next = Optional.empty();
            position = reader.position();
            micros = event.micros();
            if (event.code() == CastEvent.OUTPUT) {
                byte[] bytes = event.data().getBytes(StandardCharsets.UTF_8);
                terminal.feed(bytes, Math.min(skip, bytes.length), bytes.length);
                skip = 0;
                offset += bytes.length;
            } else if (event.code() == CastEvent.RESIZE) {
                CastHeader.size(event.data()).ifPresent(size -> terminal.resize(size.cols(), size.rows()));
            }
        }

        long position() {
            return position;
        }

        Keyframe keyframe() {
            long millis = micros / MICROS_PER_MILLI;
            byte[] state = BoundedSnapshot.ansi(terminal, State.SCROLLBACK_LINES, State.WANTED_BYTES, State.MAX_BYTES)
                    .bytes();
            return new Keyframe(millis, position, millis, 0, offset, terminal.cols(), terminal.rows(), state);
        }

        Shown shown() {
            return new Shown(terminal, micros / MICROS_PER_MILLI, position, offset);
        }
    }
}
