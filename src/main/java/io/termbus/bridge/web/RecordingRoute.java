package io.termbus.bridge.web;

import io.termbus.audit.Audit;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.Credentials;
import io.termbus.bridge.GrantWatch;
import io.termbus.bridge.Login;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Grant;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.Operation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.file.FileProps;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of recordings, for whoever may see them: whole, compressed, or in part. A share that ends cuts what it was
 * getting. On the event loop of its verticle.
 */
final class RecordingRoute {
    /** Below the base path; what is between the two is an id. */
    static final String PATH = "/recordings/";

    private static final Logger LOG = LoggerFactory.getLogger(RecordingRoute.class);
    static final String ENDING = ".cast";
    private static final String TYPE = "application/x-asciicast";
    /** One range; of several the file is sent whole, as RFC 9110, 14.2 allows. */
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    private static final int PARTIAL = 206;
    private static final int NOT_SATISFIABLE = 416;

    /** @param length at least 1 */
    private record Part(long from, long length) {}

    private final Vertx vertx;
    private final BridgeContext hub;
    private final Path folder;

    RecordingRoute(Vertx vertx, BridgeContext hub) {
        this.vertx = vertx;
        this.hub = hub;
        this.folder = hub.config().recordings();
    }

    void handle(RoutingContext rc) {
        String name = rc.normalizedPath().substring(rc.normalizedPath().lastIndexOf('/') + 1);
        if (!name.endsWith(ENDING)) {
            rc.next();
            return;
        }
        String id = name.substring(0, name.length() - ENDING.length());
        login(rc)
                .compose(grant -> find(id, grant).map(grant))
                .compose(grant -> vertx.fileSystem()
                        .props(folder.resolve(name).toString())
                        .onSuccess(file -> send(rc, id, grant, file)))
                .onFailure(cause -> refuse(rc, cause));
    }

    private Future<Grant> login(RoutingContext rc) {
        RemoteClient visitor = RemoteClient.remembered(rc);
        Optional<String> token = McpRoute.token(rc.request()).or(() -> TokenLogin.remembered(rc));
        if (token.isEmpty() && visitor.user().isPresent()) {
            return Future.succeededFuture(visitor.user().get());
        }
        Credentials given = new Credentials(token, visitor.login(), visitor.address(), visitor.peer());
        return Login.askAndCount(vertx, hub, given);
    }

    /** Whoever keeps them knows which there are, and who may see them. */
    private Future<?> find(String id, Grant grant) {
        try {
            hub.embedding().mustAllow(grant, Operation.RECORDING, Ids.sessionOfRecording(id));
        } catch (HubException e) {
            return Future.failedFuture(e);
        }
        DeliveryOptions options = new DeliveryOptions()
                .setLocalOnly(true)
                .addHeader(Headers.ACTION, Operation.RECORDING.action())
                .addHeader(Headers.ROLE, grant.role().toString())
                .addHeader(Headers.USER, grant.user());
        grant.session().ifPresent(session -> options.addHeader(Headers.REACH, session));
        return hub.bus(vertx).request(Addresses.RECORDINGS, new JsonObject().put("recording", id), options);
    }

    private void send(RoutingContext rc, String id, Grant grant, FileProps file) {
        JsonObject facts = Grant.facts(Optional.of(grant))
                .put("peer", RemoteClient.remembered(rc).peer())
                .put("recording", id);
        hub.audit().record(grant.user(), "recording.read", facts, Audit.OK);
        GrantWatch watch = new GrantWatch(
                vertx,
                hub.bus(vertx),
                hub.authenticator(),
                over -> HttpConnectionLimits.abort(rc.request().connection()));
        watch.begin(grant);
        rc.addEndHandler(end -> watch.close());
        String path = folder.resolve(id + ENDING).toString();
        HttpServerResponse response = rc.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-store")
                .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
                .putHeader("content-disposition", "attachment; filename=\"" + id + ENDING + "\"");
        String range = rc.request().getHeader("range");
        Matcher wanted = RANGE.matcher(range == null ? "" : range);
        Future<Void> sent;
        if (wanted.matches()) {
            sent = part(wanted, file.size())
                    .map(part -> sendPart(response, path, part, file.size()))
                    .orElseGet(() -> response.setStatusCode(NOT_SATISFIABLE)
                            .putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + file.size())
                            .end());
        } else if (Assets.accepts(rc, "gzip")) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").setChunked(true);
            sent = new GzippedFile(vertx, folder.resolve(id + ENDING), file.size()).to(response);
        } else {
            sent = response.sendFile(path, 0, file.size());
        }
        sent.onFailure(cause -> {
            LOG.debug("recording {} was not sent to its end", id, cause);
            HttpConnectionLimits.abort(rc.request().connection());
        });
    }

    private static Future<Void> sendPart(HttpServerResponse response, String path, Part part, long size) {
        long last = part.from() + part.length() - 1;
        return response.setStatusCode(PARTIAL)
                .putHeader(HttpHeaders.CONTENT_RANGE, "bytes " + part.from() + "-" + last + "/" + size)
                .sendFile(path, part.from(), part.length());
    }

    /** Empty: nothing of it is there. */
    private static Optional<Part> part(Matcher wanted, long size) {
        String first = wanted.group(1);
        String last = wanted.group(2);
        if (first.isEmpty() && last.isEmpty()) {
            return Optional.empty();
        }
        long from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
        long to = first.isEmpty() || last.isEmpty() ? size : Math.min(size, Long.parseLong(last) + 1);
        return from < to ? Optional.of(new Part(from, to - from)) : Optional.empty();
    }

    private static void refuse(RoutingContext rc, Throwable cause) {
        int code = cause instanceof HubException known
                ? known.error().code()
                : cause instanceof ReplyException reply && reply.failureCode() > 0
                        ? reply.failureCode()
                        : ErrorCode.NOT_FOUND.code();
        rc.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Responses.end(rc, code, code + ": " + cause.getMessage());
    }
}
