package io.termbus.app;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A file of whole lines, mode 0600, of bounded size: a full one makes room for a new one. What could not be written whole is
 * not there at all. A file that was moved away or deleted is made anew. Blocks; one thread at a time.
 */
final class LineFile {
    /** Files that are kept beside the one that is written. */
    static final int OLD_FILES = 4;

    private static final long NOTHING_TO_CUT = -1;
    private static final int MAX_LINE_BYTES = 1 << 20;

    /** Opens a file to append to. */
    interface Opener {
        OutputStream open(Path file) throws IOException;
    }

    private final Path file;
    private final long maxBytes;
    private final Opener opener;
    private @Nullable OutputStream out;
    private @Nullable Object key;
    /** Where a line begins that was not written whole. */
    private long cutAt = NOTHING_TO_CUT;

    LineFile(Path file, long maxBytes) {
        this(file, maxBytes, path -> new FileOutputStream(path.toFile(), true));
    }

    LineFile(Path file, long maxBytes, Opener opener) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.opener = opener;
    }

    Path path() {
        return file;
    }

    /** Makes the file, or goes on with the one that is there, less a last line that is not whole. */
    void open() throws IOException {
        create();
        cutLastLine();
        reopen();
    }

    /**
     * Appends one line.
     *
     * @throws IOException where it could not be written; then nothing of it stays
     */
    void append(String line) throws IOException {
        BasicFileAttributes now = attributes();
        if (now == null || out == null || key == null || !key.equals(now.fileKey())) {
            reopen();
            now = Files.readAttributes(file, BasicFileAttributes.class);
        } else if (cutAt != NOTHING_TO_CUT) {
            cut(cutAt);
            now = Files.readAttributes(file, BasicFileAttributes.class);
        }
        if (now.size() >= maxBytes) {
            roll();
            reopen();
            now = Files.readAttributes(file, BasicFileAttributes.class);
        }
        write(line, now.size());
    }

    private void write(String line, long at) throws IOException {
        OutputStream open = out;
        if (open == null) {
            throw new IOException(file + " is not open");
        }
        try {
            open.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            cutAt = at;
            try {
                cut(at);
            } catch (IOException later) {
                e.addSuppressed(later); // before the next line it is tried again
            }
            throw e;
        }
    }

    private void cut(long at) throws IOException {
        try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
            if (whole.length() > at) {
                whole.setLength(at);
            }
        }
        cutAt = NOTHING_TO_CUT;
    }

    private @Nullable BasicFileAttributes attributes() throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Idempotent. */
    void close() throws IOException {
        OutputStream open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }

    private void reopen() throws IOException {
        close();
        create();
        out = opener.open(file);
        key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        cutAt = NOTHING_TO_CUT;
    }

    private void create() throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(file)) {
                throw e;
            }
        }
    }

    /** The oldest file goes. */
    private void roll() throws IOException {
        for (int i = OLD_FILES; i > 0; i--) {
            Path newer = i == 1 ? file : old(i - 1);
            if (Files.exists(newer)) {
                Files.move(newer, old(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path old(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    /** Left by a machine that went off, or by a hub that had no room. */
    private void cutLastLine() throws IOException {
        try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
            int count = (int) Math.min(whole.length(), MAX_LINE_BYTES);
            byte[] end = new byte[count];
            whole.seek(whole.length() - count);
            whole.readFully(end);
            int at = count;
            while (at > 0 && end[at - 1] != '\n') {
                at--;
            }
            if (at < count) {
                whole.setLength(whole.length() - count + at);
            }
        }
    }
}
