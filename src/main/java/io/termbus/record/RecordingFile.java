package io.termbus.record;

import io.termbus.record.cast.CastEvent;
import io.termbus.record.cast.CastHeader;
import io.termbus.record.cast.CastWriter;
import io.termbus.record.cast.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a recording and its index. Blocks; one thread at a time.
 *
 * <p>Invariant: what is in the file ends with a whole line. An event of output begins and ends with a character.
 */
final class RecordingFile {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingFile.class);
    /** Output that comes within so long is one event. */
    private static final long TOGETHER_NANOS = 10_000_000;

    private static final int EVENT_BYTES = 65_536;
    /** The terminal's state follows its output by less; where it does not the next keyframe will. */
    private static final int PLACES = 4096;
    /** Resets a terminal whatever it was told before, be it half a sequence. */
    private static final byte[] RESET = "\033c".getBytes(StandardCharsets.US_ASCII);

    /** What a recording is made of, in order. Times are monotonic nanoseconds. */
    sealed interface Entry {
        long nanos();

        /** What it takes while it waits. */
        int bytes();
    }

    /** @param from offset of its first byte */
    record Output(long nanos, long from, byte[] data) implements Entry {
        @Override
        public int bytes() {
            return data.length;
        }
    }

    /** Anything but output. */
    record Said(long nanos, char code, String data) implements Entry {
        @Override
        public int bytes() {
            return data.length() * Character.BYTES;
        }
    }

    /** Output goes on from a state: what came before it is not known, or not valid any more. */
    record Jump(long nanos, State state) implements Entry {
        @Override
        public int bytes() {
            return state.bytes().length;
        }
    }

    /** What the state was at a place that has been recorded. */
    record Frame(long nanos, State state) implements Entry {
        @Override
        public int bytes() {
            return state.bytes().length;
        }
    }

    /**
     * An event of output.
     *
     * @param to offset behind it
     * @param position of its line
     * @param baseMillis time of the event before
     * @param whole it is UTF-8, so each of its bytes is in the file
     * @param clear no more than one change of size follows it: which of them a state at its end has seen makes no difference
     */
    private record Place(
            long from, long to, long position, long end, long baseMillis, long millis, boolean whole, boolean clear) {
        Place unclear() {
            return new Place(from, to, position, end, baseMillis, millis, whole, false);
        }
    }

    private final String id;
    private final Path file;
    private final FileChannel channel;
    private final KeyframeIndex index;
    private final CastWriter lines = new CastWriter();
    private final Deque<Place> places = new ArrayDeque<>();
    private final long began;
    private int cols;
    private int rows;
    private boolean fresh = true;
    private int resizes;
    /** Lines that are in the file or wait in {@link #lines}. */
    private volatile long written;

    private volatile long stateBytes;

    /** Output that is not an event yet. */
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    /** So much of it is the beginning of a character that the last event has left. */
    private int cut;

    private long waitingFrom;
    private long waitingSince;

    /**
     * @param file that is not there yet, nor {@code indexFile}
     * @param began monotonic nanoseconds
     */
    RecordingFile(String id, Path file, Path indexFile, CastHeader header, long began) throws IOException {
        this.id = id;
        this.file = file;
        this.began = began;
        this.cols = header.cols();
        this.rows = header.rows();
        RecordingFiles.createPrivate(file);
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        this.index = KeyframeIndex.create(indexFile);
        lines.header(header);
        flush();
        remember(new Place(0, 0, written, written, 0, 0, true, true));
    }

    String id() {
        return id;
    }

    /** Of the recording so far, on the disk, with the index. */
    long bytes() {
        return written + stateBytes;
    }

    /** Time of the newest event in milliseconds since the beginning. */
    long millis() {
        return lines.millis();
    }

    void write(List<Entry> entries) throws IOException {
        for (Entry each : entries) {
            if (each instanceof Output output) {
                output(output);
            } else {
                endEvent();
                other(each);
            }
        }
        endEvent();
        flush();
    }

    private void output(Output output) {
        boolean apart = output.nanos() - waitingSince >= TOGETHER_NANOS || waiting.size() >= EVENT_BYTES;
        if (waiting.size() > cut && apart) {
            endEvent();
        }
        if (waiting.size() == 0) {
            waitingFrom = output.from();
        }
        if (waiting.size() == cut) {
            waitingSince = output.nanos();
        }
        waiting.writeBytes(output.data());
    }

    /** The bytes of a character whose rest has not come wait for it. */
    private void endEvent() {
        byte[] bytes = waiting.toByteArray();
        int length = bytes.length - Utf8.cutAt(bytes, 0, bytes.length);
        if (length == 0) {
            cut = bytes.length;
            return;
        }
        long position = position();
        long base = lines.millis();
        lines.event(waitingSince - began, CastEvent.OUTPUT, bytes, 0, length);
        remember(new Place(
                waitingFrom,
                waitingFrom + length,
                position,
                position(),
                base,
                lines.millis(),
                Utf8.isWhole(bytes, 0, length),
                true));
        cut = bytes.length - length;
        waiting.reset();
        waiting.write(bytes, length, cut);
        waitingFrom += length;
        fresh = false;
    }

    private void other(Entry entry) throws IOException {
        if (entry instanceof Said said) {
            said(said);
        } else if (entry instanceof Jump jump) {
            jump(jump);
        } else if (entry instanceof Frame frame) {
            keyframe(frame.state());
        }
    }

    private void said(Said said) {
        lines.event(said.nanos() - began, said.code(), said.data());
        if (said.code() == CastEvent.RESIZE && ++resizes > 1) {
            places.addLast(places.removeLast().unclear());
        }
    }

    private void jump(Jump jump) throws IOException {
        State state = jump.state();
        if (state.cols() != cols || state.rows() != rows || !fresh) {
            cols = state.cols();
            rows = state.rows();
            lines.event(jump.nanos() - began, CastEvent.RESIZE, cols + "x" + rows);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!fresh) {
            bytes.writeBytes(RESET);
        }
        bytes.writeBytes(state.bytes());
        waiting.reset();
        cut = 0;
        lines.event(jump.nanos() - began, CastEvent.OUTPUT, bytes.toByteArray(), 0, bytes.size());
        fresh = false;
        places.clear();
        remember(new Place(
                state.offset(), state.offset(), position(), position(), lines.millis(), lines.millis(), true, true));
        keyframe(state);
    }

    /** Where the state belongs to no place that is known the one after it will. */
    private void keyframe(State state) throws IOException {
        for (Place place : places) {
            if (place.to() == state.offset()) {
                if (place.clear()) {
                    add(state, place.millis(), place.end(), place.millis(), 0);
                }
                return;
            }
            if (place.from() < state.offset() && state.offset() < place.to()) {
                if (place.whole()) {
                    add(state, place.millis(), place.position(), place.baseMillis(), (int)
                            (state.offset() - place.from()));
                }
                return;
            }
        }
    }

    private void add(State state, long millis, long position, long baseMillis, int skip) throws IOException {
        index.add(new Keyframe(
                millis, position, baseMillis, skip, state.offset(), state.cols(), state.rows(), state.bytes()));
        stateBytes = stateBytes + state.bytes().length;
    }

    private void remember(Place place) {
        if (places.size() == PLACES) {
            places.removeFirst();
        }
        places.addLast(place);
        resizes = 0;
    }

    private long position() {
        return written + lines.length();
    }

    private void flush() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(lines.take());
        while (bytes.hasRemaining()) {
            written = written + channel.write(bytes);
        }
    }

    /** Idempotent. */
    void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            index.end(lines.millis());
        }
    }

    /** After a failure: what is there stays, without the line that is not whole. */
    void abandon() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("{} could not be closed", file, e);
        }
    }
}
