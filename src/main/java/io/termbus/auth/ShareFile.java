package io.termbus.auth;

import io.termbus.protocol.Ids;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code home/shares.json}: the shares that hold, and in a cluster revocations, mode 0600. Replaced as a whole; blocks,
 * no event loop may call.
 */
final class ShareFile {
    private static final Logger LOG = LoggerFactory.getLogger(ShareFile.class);
    /** Of a hub that ended while it wrote one: no write takes so long. */
    private static final Duration ABANDONED = Duration.ofMinutes(1);

    private final Path file;

    ShareFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /** Shares and revocations, as {@link #write} got them. */
    List<JsonObject> read() throws IOException {
        String text;
        try {
            PosixFileAttributes attributes = PrivateFiles.attributes(file);
            PrivateFiles.requireUntouchedByOthers(file, attributes);
            if (!attributes.isRegularFile()) {
                throw new IOException(file + " is not a regular file");
            }
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (CharacterCodingException e) {
            throw damaged(e);
        }
        try {
            List<JsonObject> entries = new ArrayList<>();
            for (Object each : new JsonArray(text)) {
                entries.add(checked((JsonObject) each));
            }
            return entries;
        } catch (RuntimeException e) { // whatever another shape of it brings about
            throw damaged(e);
        }
    }

    private IOException damaged(Exception cause) {
        return new IOException(file + " is damaged; delete it to end all shares", cause);
    }

    /** Drafts of hubs that ended while they wrote. */
    void dropAbandoned() throws IOException {
        Instant before = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> drafts = Files.newDirectoryStream(file.getParent(), ".shares-*.new")) {
            for (Path draft : drafts) {
                if (Files.getLastModifiedTime(draft).toInstant().isBefore(before)) {
                    Files.deleteIfExists(draft);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("its writer has ended just now", e);
        }
    }

    private static JsonObject checked(JsonObject entry) {
        if (Revocation.isOne(entry)) {
            Revocation.of(entry);
        } else {
            Share.of(entry);
        }
        return entry;
    }

    /** Nodes of one machine may write to the same home at a time: each has a draft of its own. */
    synchronized void write(JsonArray all) throws IOException {
        Path draft = file.resolveSibling(".shares-" + Ids.next() + ".new");
        PrivateWrites.replace(file, draft, all.encodePrettily().getBytes(StandardCharsets.UTF_8));
    }
}
