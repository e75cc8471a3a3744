package io.termbus.bridge;

import io.termbus.config.TlsConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificate, key and client CA, and what becomes of them when their files change. Any thread may call.
 */
public final class TlsFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
    /** How often the files are read, in milliseconds. A change holds when two readings in a row agree. */
    private static final long CHECK_MS = 1000;

    /** The bytes of the files. */
    private record Content(Buffer certificate, Buffer key, Optional<Buffer> clientCa) {}

    private final @Nullable Vertx vertx;
    private final TlsConfig files;
    private final List<Function<ServerSSLOptions, Future<?>>> servers = new CopyOnWriteArrayList<>();
    private volatile Optional<Content> applied = Optional.empty();
    private volatile Optional<Content> seen = Optional.empty();

    /** TLS is off. */
    static TlsFiles none() {
        return new TlsFiles(null, TlsConfig.NONE);
    }

    private TlsFiles(@Nullable Vertx vertx, TlsConfig files) {
        this.vertx = vertx;
        this.files = files;
    }

    /**
     * Reads the files and goes on watching them; nothing where TLS is off.
     *
     * @return fails where a file cannot be read or is not what it should be
     */
    public static Future<TlsFiles> open(Vertx vertx, TlsConfig files) {
        TlsFiles tls = new TlsFiles(vertx, files);
        if (!files.on()) {
            return Future.succeededFuture(tls);
        }
        return vertx.executeBlocking(tls::read).map(content -> {
            tls.applied = Optional.of(content);
            tls.seen = tls.applied;
            vertx.setPeriodic(CHECK_MS, timer -> tls.check());
            return tls;
        });
    }

    /** What a server begins with; nothing where TLS is off. */
    public void secure(NetServerOptions server) {
        applied.map(TlsFiles::options)
                .ifPresent(tls -> server.setSsl(true)
                        .setKeyCertOptions(tls.getKeyCertOptions())
                        .setTrustOptions(tls.getTrustOptions())
                        .setClientAuth(tls.getClientAuth()));
    }

    /** @param server changes its certificate from now on when the files do */
    public void onChange(Function<ServerSSLOptions, Future<?>> server) {
        servers.add(server);
    }

    private void check() {
        vertx().executeBlocking(this::read, false)
                .onSuccess(this::found)
                .onFailure(failure -> LOG.warn("TLS files stay as they were read: {}", failure.getMessage()));
    }

    private void found(Content content) {
        boolean settled = seen.filter(content::equals).isPresent();
        seen = Optional.of(content);
        if (!settled || applied.equals(seen)) {
            return;
        }
        applied = seen;
        servers.forEach(server -> server.apply(options(content))
                .onSuccess(done -> LOG.info(
                        "a listener has a new certificate: {}",
                        files.certificate().orElseThrow()))
                .onFailure(failure -> LOG.error("a listener keeps its old certificate", failure)));
    }

    /** Blocks. Fails also where the files hold no such keys. */
    private Content read() throws Exception {
        Content content = new Content(
                bytes(files.certificate().orElseThrow()),
                bytes(files.key().orElseThrow()),
                files.clientCa().isPresent()
                        ? Optional.of(bytes(files.clientCa().get()))
                        : Optional.empty());
        if (!seen.equals(Optional.of(content))) {
            keys(content).getKeyManagerFactory(vertx());
            if (content.clientCa().isPresent()) {
                new PemTrustOptions().addCertValue(content.clientCa().get()).getTrustManagerFactory(vertx());
            }
        }
        return content;
    }

    private Vertx vertx() {
        return Objects.requireNonNull(vertx, "TLS is off");
    }

    private static Buffer bytes(Path file) throws IOException {
        return Buffer.buffer(Files.readAllBytes(file));
    }

    private static PemKeyCertOptions keys(Content content) {
        return new PemKeyCertOptions().addCertValue(content.certificate()).addKeyValue(content.key());
    }

    private static ServerSSLOptions options(Content content) {
        ServerSSLOptions options = new ServerSSLOptions().setKeyCertOptions(keys(content));
        content.clientCa()
                .ifPresent(ca -> options.setTrustOptions(new PemTrustOptions().addCertValue(ca))
                        .setClientAuth(ClientAuth.REQUIRED));
        return options;
    }
}
