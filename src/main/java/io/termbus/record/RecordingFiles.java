package io.termbus.record;

import io.termbus.config.RecordConfig;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.record.cast.CastHeader;
import io.termbus.record.cast.CastReader;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recordings of a hub: {@code <id>.cast} and {@code <id>.idx} in one folder, each 0600. An id is that of the session, a
 * hyphen and a number. Any thread may call; what blocks says so.
 */
public final class RecordingFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingFiles.class);
    private static final String CAST = ".cast";
    private static final String INDEX = ".idx";
    /** From a keyframe on what comes is shown to a terminal: so much of it takes some 100 ms. */
    private static final int KEYFRAME_BYTES = 4 << 20;

    /** What one question gets of a file. */
    private static final int PIECE_BYTES = 262_144;

    /** Of the heap: what all recordings together may have waiting for the disk. */
    private static final int PART_OF_HEAP = 8;

    private final Path folder;
    private final RecordConfig settings;
    private final InstantSource clock;
    private final long mostWaiting;
    private final int keyframeBytes;
    /** Those that are being made. */
    private final Map<String, RecordingFile> live = new ConcurrentHashMap<>();

    private final AtomicLong waiting = new AtomicLong();
    /** On the disk; exact after a {@link #sweep}. */
    private final AtomicLong bytes = new AtomicLong();

    /** @param folder need not be there */
    public RecordingFiles(Path folder, RecordConfig settings, InstantSource clock) {
        this(folder, settings, clock, KEYFRAME_BYTES);
    }

    /** @param keyframeBytes output between two keyframes */
    public RecordingFiles(Path folder, RecordConfig settings, InstantSource clock, int keyframeBytes) {
        this.keyframeBytes = keyframeBytes;
        this.folder = folder;
        this.settings = settings;
        this.clock = clock;
        this.mostWaiting = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    }

    public RecordConfig settings() {
        return settings;
    }

    /** Output between two keyframes, in bytes. */
    public int keyframeBytes() {
        return keyframeBytes;
    }

    /** The session of a recording; it need not be there. */
    public static String sessionOf(String id) {
        return Ids.sessionOfRecording(id).orElseThrow(() -> notThere(id));
    }

    private static HubException notThere(String id) {
        return HubException.notFound("no such recording: " + id);
    }

    /** Makes the folder, and room in it. Blocks. */
    public void prepare() throws IOException {
        makeFolder();
        sweep();
    }

    private void makeFolder() throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** An empty file that only its owner may read. */
    static void createPrivate(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Begins a recording of that session; the folder may have been deleted. Blocks. */
    RecordingFile create(String session, CastHeader header, long began) throws IOException {
        makeFolder();
        for (int number = 1; ; number++) {
            String id = session + "-" + number;
            sessionOf(id);
            try {
                RecordingFile file = new RecordingFile(id, castOf(id), indexOf(id), header, began);
                live.put(id, file);
                return file;
            } catch (FileAlreadyExistsException e) {
                LOG.debug("{} is there", id);
            }
        }
    }

    /** @throws IOException where the disk is full, or the recordings that are being made have as much as all may */
    void write(RecordingFile file, List<RecordingFile.Entry> entries) throws IOException {
        long before = file.bytes();
        file.write(entries);
        if (bytes.addAndGet(file.bytes() - before) > settings.maxBytes()) {
            sweep();
            if (bytes.get() > settings.maxBytes()) {
                throw new IOException("recordings have reached record.maxBytes = " + settings.maxBytes());
            }
        }
    }

    void close(RecordingFile file) throws IOException {
        live.remove(file.id());
        file.close();
    }

    void abandon(RecordingFile file) {
        live.remove(file.id());
        file.abandon();
    }

    /** Deletes what is too old, then the oldest until the others have room. Blocks. */
    public synchronized void sweep() throws IOException {
        long now = clock.millis();
        long all = 0;
        List<Cast> oldestFirst = casts();
        for (Cast cast : oldestFirst) {
            all += bytesOf(cast.id());
        }
        for (Cast cast : oldestFirst) {
            String id = cast.id();
            boolean tooOld = now - cast.modified() > settings.keep().toMillis();
            if (!live.containsKey(id) && (tooOld || all > settings.maxBytes())) {
                all -= bytesOf(id);
                remove(id);
                LOG.info("recording {} is deleted: {}", id, tooOld ? "record.keepDays" : "record.maxBytes");
            }
        }
        bytes.set(all);
    }

    /** @param modified epoch milliseconds */
    private record Cast(String id, long modified) {}

    /** Oldest first, and nothing but regular files. */
    private List<Cast> casts() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(CAST)
                            && Ids.sessionOfRecording(idOf(file)).isPresent()
                            && isRegular(file))
                    .map(file -> new Cast(idOf(file), file.toFile().lastModified()))
                    .sorted(Comparator.comparingLong(Cast::modified))
                    .toList();
        }
    }

    private static boolean isRegular(Path cast) {
        return Files.isRegularFile(cast, LinkOption.NOFOLLOW_LINKS);
    }

    private static String idOf(Path cast) {
        String name = cast.getFileName().toString();
        return name.substring(0, name.length() - CAST.length());
    }

    private long bytesOf(String id) {
        return castOf(id).toFile().length() + indexOf(id).toFile().length();
    }

    private void remove(String id) throws IOException {
        Files.deleteIfExists(indexOf(id));
        Files.deleteIfExists(castOf(id));
    }

    private Path castOf(String id) {
        return folder.resolve(id + CAST);
    }

    private Path indexOf(String id) {
        return folder.resolve(id + INDEX);
    }

    /** The file of a recording that there is. Blocks. */
    public Path file(String id) {
        sessionOf(id);
        Path cast = castOf(id);
        if (!isRegular(cast)) {
            throw notThere(id);
        }
        return cast;
    }

    /** Blocks. */
    void delete(String id) throws IOException {
        file(id);
        if (live.containsKey(id)) {
            throw new HubException(ErrorCode.CONFLICT, "recording " + id + " is being made: end it first");
        }
        remove(id);
        sweep();
    }

    /** Newest first, without those that cannot be read, or are deleted meanwhile. Blocks. */
    List<JsonObject> list(Predicate<String> wanted) throws IOException {
        List<JsonObject> all = new ArrayList<>();
        for (Cast cast : casts()) {
            if (wanted.test(sessionOf(cast.id()))) {
                try {
                    all.add(0, info(cast.id()));
                } catch (IOException | HubException e) {
                    LOG.warn("recording {} cannot be read: {}", cast.id(), e.getMessage());
                }
            }
        }
        return all;
    }

    /** As clients see it. Blocks. */
    JsonObject info(String id) throws IOException {
        Path cast = file(id);
        JsonObject info = new JsonObject().put("id", id).put("session", sessionOf(id));
        try (InputStream in = Files.newInputStream(cast)) {
            CastHeader header = new CastReader(in).header();
            info.put("title", header.title().orElse(""))
                    .put("cols", header.cols())
                    .put("rows", header.rows());
            header.startedAt().ifPresent(start -> info.put("startedAt", start.toString()));
        }
        RecordingFile being = live.get(id);
        return info.put("durationMs", being == null ? endMillis(id) : being.millis())
                .put("bytes", cast.toFile().length())
                .put("live", being != null);
    }

    /**
     * Some of the file. Blocks.
     *
     * @throws HubException where it ends before {@code from}
     */
    JsonObject piece(String id, long from) throws IOException {
        try (FileChannel cast = FileChannel.open(file(id), StandardOpenOption.READ)) {
            if (from > cast.size()) {
                throw HubException.malformed("field 'from' must be 0.." + cast.size() + ", was " + from);
            }
            byte[] bytes = Channels.newInputStream(cast.position(from)).readNBytes(PIECE_BYTES);
            JsonObject piece = new JsonObject().put("data", Base64.getEncoder().encodeToString(bytes));
            return from + bytes.length < cast.size() ? piece.put("next", from + bytes.length) : piece;
        }
    }

    /** What the terminal was at that time of the recording. Blocks. */
    public Playback.Shown at(String id, long millis) throws IOException {
        file(id);
        if (!live.containsKey(id)) {
            endMillis(id);
        }
        return playback(id).at(millis);
    }

    private Playback playback(String id) {
        return new Playback(castOf(id), indexOf(id), keyframeBytes);
    }

    /** Of one that is over. The first time after a crash that takes as long as reading it. */
    private synchronized long endMillis(String id) throws IOException {
        return playback(id).endMillis();
    }

    /** So much more waits for the disk; negative: less. */
    public void waits(long more) {
        waiting.addAndGet(more);
    }

    /** All recordings together have as much waiting for the disk as they may. */
    boolean waitTooMuch() {
        return waiting.get() >= mostWaiting;
    }
}
