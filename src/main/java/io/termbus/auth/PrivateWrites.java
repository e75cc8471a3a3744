package io.termbus.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Files of {@link PrivateFiles#FILE_MODE} that are there whole or not at all, also after a power cut. Blocks. */
final class PrivateWrites {
    private PrivateWrites() {}

    /** A new file, on the disk when this returns; none where it fails. */
    static void create(Path file, byte[] content) throws IOException {
        boolean whole = false;
        try (FileChannel out = FileChannel.open(
                file,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                PrivateFiles.creating(PrivateFiles.FILE_MODE))) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
                whole = true;
            } finally {
                if (!whole) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /**
     * Puts {@code content} in the place of {@code file}. Where it fails, the file is as it was; whether the new one
     * outlasts a power cut is certain only when this has returned.
     *
     * @param draft beside it, not there yet; gone afterwards
     */
    static void replace(Path file, Path draft, byte[] content) throws IOException {
        create(draft, content);
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        settle(file);
    }

    /** The names in the directory of {@code file} are on the disk when this returns. */
    static void settle(Path file) throws IOException {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
