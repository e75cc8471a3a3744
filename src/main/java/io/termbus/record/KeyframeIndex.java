package io.termbus.record;

import io.termbus.vt.screen.Terminal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The file beside a recording that says where in it a terminal can begin. What is torn or forged in it is passed over, and
 * what follows that: then reading begins earlier. Blocks; one thread at a time writes, any may read.
 *
 * <p>An entry is a head of fixed length with a checksum, and a body. Kind 1 is a {@link Keyframe}, the body its state; kind
 * 2 is the end: the recording's length in milliseconds, where a keyframe has its time.
 */
final class KeyframeIndex {
    /** A plain screen may be longer than {@link State#MAX_BYTES}, at four bytes a cell. */
    private static final int MOST_STATE_BYTES = 8 << 20;

    private static final byte[] MAGIC = "termbus index 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int KEYFRAME = 1;
    private static final int END = 2;
    /** Kind, times, places, size, length and checksum of the body, checksum of the head. */
    private static final int HEAD_BYTES = 4 + 8 + 8 + 8 + 4 + 8 + 4 + 4 + 4 + 8 + 8;

    private final Path file;

    KeyframeIndex(Path file) {
        this.file = file;
    }

    /** An empty one. */
    static KeyframeIndex create(Path file) throws IOException {
        RecordingFiles.createPrivate(file);
        Files.write(file, MAGIC);
        return new KeyframeIndex(file);
    }

    void add(Keyframe frame) throws IOException {
        append(entry(KEYFRAME, frame));
    }

    void end(long millis) throws IOException {
        append(entry(END, new Keyframe(millis, 0, 0, 0, 0, 0, 0, new byte[0])));
    }

    private void append(ByteBuffer entry) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (entry.hasRemaining()) {
                channel.write(entry);
            }
        }
    }

    private static ByteBuffer entry(int kind, Keyframe frame) {
        ByteBuffer entry = ByteBuffer.allocate(HEAD_BYTES + frame.state().length)
                .putInt(kind)
                .putLong(frame.millis())
                .putLong(frame.position())
                .putLong(frame.baseMillis())
                .putInt(frame.skip())
                .putLong(frame.offset())
                .putInt(frame.cols())
                .putInt(frame.rows())
                .putInt(frame.state().length)
                .putLong(checksum(frame.state(), frame.state().length));
        return entry.putLong(checksum(entry.array(), HEAD_BYTES - Long.BYTES))
                .put(frame.state())
                .flip();
    }

    /** The last place at or before that time that is whole, and lies within {@code fileBytes}; empty: none. */
    Optional<Keyframe> before(long millis, long fileBytes) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (FileChannel channel = open()) {
            List<Entry> entries = entries(channel);
            for (int i = entries.size() - 1; i >= 0; i--) {
                Entry entry = entries.get(i);
                if (entry.kind() == KEYFRAME
                        && entry.head().millis() <= millis
                        && entry.head().position() <= fileBytes) {
                    Optional<Keyframe> whole = entry.withState(channel);
                    if (whole.isPresent()) {
                        return whole;
                    }
                }
            }
            return Optional.empty();
        }
    }

    /** How long the recording is, in milliseconds; empty: its end was not written. */
    OptionalLong endMillis() throws IOException {
        if (!Files.exists(file)) {
            return OptionalLong.empty();
        }
        try (FileChannel channel = open()) {
            List<Entry> entries = entries(channel);
            Optional<Entry> last = entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1));
            return last.filter(entry -> entry.kind() == END)
                    .map(entry -> OptionalLong.of(entry.head().millis()))
                    .orElseGet(OptionalLong::empty);
        }
    }

    /** Cuts off what is not whole, or makes it anew where nothing is. */
    void cut() throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() < MAGIC.length) {
                channel.write(ByteBuffer.wrap(MAGIC), 0);
            }
            List<Entry> entries = entries(channel);
            channel.truncate(
                    entries.isEmpty()
                            ? MAGIC.length
                            : entries.get(entries.size() - 1).end());
        }
    }

    /** All up to the first that is not whole. */
    private static List<Entry> entries(FileChannel channel) throws IOException {
        List<Entry> entries = new ArrayList<>();
        long at = MAGIC.length;
        for (Entry next = Entry.at(channel, at); next != null; next = Entry.at(channel, at)) {
            entries.add(next);
            at = next.end();
        }
        return entries;
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    private static boolean read(FileChannel channel, ByteBuffer into, long at) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position()) < 0) {
                return false;
            }
        }
        into.flip();
        return true;
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 sum = new CRC32();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }

    /** @param head without its state */
    private record Entry(int kind, Keyframe head, long bodyAt, int length, long checksum) {
        /** Null where none is whole. */
        static @Nullable Entry at(FileChannel channel, long at) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES);
            if (!read(channel, bytes, at)) {
                return null;
            }
            Entry entry = new Entry(
                    bytes.getInt(),
                    new Keyframe(
                            bytes.getLong(),
                            bytes.getLong(),
                            bytes.getLong(),
                            bytes.getInt(),
                            bytes.getLong(),
                            bytes.getInt(),
                            bytes.getInt(),
                            new byte[0]),
                    at + HEAD_BYTES,
                    bytes.getInt(),
                    bytes.getLong());
            boolean whole = bytes.getLong() == KeyframeIndex.checksum(bytes.array(), HEAD_BYTES - Long.BYTES);
            return whole && entry.isPossible() && entry.end() <= channel.size() ? entry : null;
        }

        private boolean isPossible() {
            boolean state = length >= 0
                    && length <= MOST_STATE_BYTES
                    && Math.min(head.cols(), head.rows()) >= 1
                    && Math.max(head.cols(), head.rows()) <= Terminal.MAX_SIZE;
            boolean place = head.position() >= 0 && head.baseMillis() >= 0 && head.skip() >= 0;
            return kind == END && length == 0 || kind == KEYFRAME && state && place;
        }

        long end() {
            return bodyAt + length;
        }

        Optional<Keyframe> withState(FileChannel channel) throws IOException {
            ByteBuffer state = ByteBuffer.allocate(length);
            if (!read(channel, state, bodyAt) || KeyframeIndex.checksum(state.array(), length) != checksum) {
                return Optional.empty();
            }
            return Optional.of(new Keyframe(
                    head.millis(),
                    head.position(),
                    head.baseMillis(),
                    head.skip(),
                    head.offset(),
                    head.cols(),
                    head.rows(),
                    state.array()));
        }
    }
}
