package io.termbus.auth;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** {@code home/shares.json}: the shares that hold, mode 0600. Replaced as a whole; blocks, no event loop may call. */
final class ShareFile {
    private final Path file;

    ShareFile(Path file) {
        this.file = file;
    }

    List<Share> read() throws IOException {
        String text;
        try {
            PrivateFiles.requireUntouchedByOthers(file, PrivateFiles.attributes(file));
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        try {
            List<Share> shares = new ArrayList<>();
            for (Object each : new JsonArray(text)) {
                shares.add(Share.of((JsonObject) each));
            }
            return shares;
        } catch (DecodeException | ClassCastException | java.util.NoSuchElementException e) {
            throw new IOException(file + " is damaged; delete it to end all shares", e);
        }
    }

    /** One writer at a time: two would use the same draft. */
    synchronized void write(Collection<Share> shares) throws IOException {
        JsonArray all = new JsonArray();
        shares.forEach(share -> all.add(share.toJson()));
        Path draft = file.resolveSibling(".shares.json.new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PrivateFiles.creating(PrivateFiles.FILE_MODE));
        Files.write(draft, all.encodePrettily().getBytes(StandardCharsets.UTF_8));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
