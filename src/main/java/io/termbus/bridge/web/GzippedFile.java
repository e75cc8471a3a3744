package io.termbus.bridge.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Sends a file compressed, piece by piece: the next one is made when the last has gone. */
final class GzippedFile {
    private static final int PIECE_BYTES = 262_144;

    private final Vertx vertx;
    private final Path file;
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private long left;

    /** @param length so much of it is sent */
    GzippedFile(Vertx vertx, Path file, long length) {
        this.vertx = vertx;
        this.file = file;
        this.left = length;
    }

    /** Call once. Ends the response. */
    Future<Void> to(HttpServerResponse response) {
        return vertx.executeBlocking(() -> Files.newInputStream(file), false)
                .compose(in -> vertx.executeBlocking(() -> new GZIPOutputStream(compressed), false)
                        .compose(zip -> next(in, zip, response))
                        .eventually(() -> vertx.executeBlocking(
                                () -> {
                                    in.close();
                                    return null;
                                },
                                false)))
                .compose(sent -> response.end());
    }

    private Future<Void> next(InputStream in, GZIPOutputStream zip, HttpServerResponse response) {
        return vertx.executeBlocking(() -> piece(in, zip), false)
                .compose(piece -> response.write(piece))
                .compose(gone -> left > 0 ? next(in, zip, response) : Future.succeededFuture());
    }

    private Buffer piece(InputStream in, GZIPOutputStream zip) throws IOException {
        byte[] bytes = in.readNBytes((int) Math.min(PIECE_BYTES, left));
        zip.write(bytes);
        left -= bytes.length;
        if (left == 0 || bytes.length == 0) {
            left = 0;
            zip.finish();
        }
        Buffer piece = Buffer.buffer(compressed.toByteArray());
        compressed.reset();
        return piece;
    }
}
