package io.termbus.bridge.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bundled files of the web app. Their names change with what is in them, so browsers keep them for ever; they were
 * compressed when the hub was built, and are read once. On any event loop.
 */
final class Assets {
    /** Below the base path. */
    static final String PATH = "/assets/";

    private static final String DIRECTORY = "io/termbus/webroot" + PATH;
    /** A stem, what the content makes of it, and the kind. */
    private static final Pattern NAME = Pattern.compile("[a-z]{1,32}\\.[A-Za-z0-9_-]{12}\\.(js|css)");

    private static final Map<String, String> TYPES =
            Map.of("js", "text/javascript;charset=UTF-8", "css", "text/css;charset=UTF-8");
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    /** A content coding (RFC 9110, 8.4.1) and the ending of the files that have it. */
    private record Coding(String name, String ending) {}

    /** The smallest first. */
    private static final List<Coding> CODINGS = List.of(new Coding("br", ".br"), new Coding("gzip", ".gz"));

    private static final Coding NONE = new Coding("identity", "");

    private final Vertx vertx;
    /** By name, those that there are. */
    private final Map<String, Future<Buffer>> files = new ConcurrentHashMap<>();

    Assets(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What is no such file is for the next handler. */
    void handle(RoutingContext rc) {
        String path = rc.normalizedPath();
        String name = path.substring(path.lastIndexOf(PATH) + PATH.length());
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            rc.next();
            return;
        }
        Coding coding = codingFor(rc);
        read(name + coding.ending()).onFailure(missing -> rc.next()).onSuccess(content -> {
            HttpServerResponse response = rc.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, TYPES.get(matcher.group(1)))
                    .putHeader(HttpHeaders.CACHE_CONTROL, FOR_EVER)
                    .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
            if (coding != NONE) {
                response.putHeader(HttpHeaders.CONTENT_ENCODING, coding.name());
            }
            rc.end(content);
        });
    }

    private static Coding codingFor(RoutingContext rc) {
        return CODINGS.stream()
                .filter(each -> accepts(rc, each.name()))
                .findFirst()
                .orElse(NONE);
    }

    /** Whether whoever asks takes that content coding. */
    static boolean accepts(RoutingContext rc, String coding) {
        return rc.parsedHeaders().acceptEncoding().stream()
                .anyMatch(each -> each.weight() > 0 && each.value().equals(coding));
    }

    private Future<Buffer> read(String name) {
        Future<Buffer> known = files.get(name);
        if (known != null) {
            return known;
        }
        Future<Buffer> file = vertx.fileSystem().readFile(DIRECTORY + name);
        files.put(name, file);
        return file.onFailure(missing -> files.remove(name));
    }
}
