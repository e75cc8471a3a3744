package io.termbus.security;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The transports of SockJS over plain HTTP. */
enum Polling {
    XHR(HttpMethod.POST, "xhr", "(?<frame>[oach].*)", "xhr_send"),
    /** Its first line is 2048 heartbeats. */
    XHR_STREAMING(HttpMethod.POST, "xhr_streaming", "(?<frame>(?!hh)[oach].*)", "xhr_send"),
    EVENTSOURCE(HttpMethod.GET, "eventsource", "data: (?<frame>.*)", "xhr_send"),
    HTMLFILE(HttpMethod.GET, "htmlfile?c=parent", "p\\(\"(?<escaped>.*)\"\\);", "xhr_send"),
    JSONP(HttpMethod.GET, "jsonp?c=called", "/\\*\\*/called\\(\"(?<escaped>.*)\"\\);", "jsonp_send");

    static final String FORM = "application/x-www-form-urlencoded";
    static final String TEXT = "text/plain";

    private static final JsonFactory SCRIPT = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .build();

    final HttpMethod method;
    private final String send;
    private final String path;
    private final Pattern line;
    private final boolean escapes;

    Polling(HttpMethod method, String path, String line, String send) {
        this.method = method;
        this.path = path;
        this.line = Pattern.compile(line);
        this.send = send;
        this.escapes = line.contains("<escaped>");
    }

    /**
     * Where frames are waited for.
     *
     * @param session path of the session, with a slash at its end
     */
    String poll(String session, String query) {
        return session + path + (path.contains("?") ? query.replace('?', '&') : query);
    }

    String post(String session, String query) {
        return session + send + query;
    }

    boolean postsForms() {
        return this == JSONP;
    }

    /** The frame of SockJS that a line of the answer holds. */
    Optional<String> frame(String text) {
        Matcher matcher = line.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(escapes ? unescaped(matcher.group("escaped")) : matcher.group("frame"));
    }

    private static String unescaped(String script) {
        try (var parser = SCRIPT.createParser("\"" + script + "\"")) {
            return parser.nextTextValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
