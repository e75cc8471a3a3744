package io.termbus.bridge.web;

import io.vertx.core.http.HttpMethod;
import java.util.regex.Pattern;

/**
 * How the polling and streaming transports of SockJS write frames into an answer. Frames are ASCII. Source: the SockJS
 * protocol 0.3.3.
 */
enum PollFormat {
    XHR(HttpMethod.POST, "xhr", PollFormat.SCRIPT, false) {
        @Override
        String framed(String frame, String callback) {
            return frame + "\n";
        }
    },
    XHR_STREAMING(HttpMethod.POST, "xhr_streaming", PollFormat.SCRIPT, true) {
        /** Browsers hold the first two KiB back. */
        @Override
        String prelude(String callback) {
            return "h".repeat(2048) + "\n";
        }

        @Override
        String framed(String frame, String callback) {
            return frame + "\n";
        }
    },
    EVENTSOURCE(HttpMethod.GET, "eventsource", "text/event-stream; charset=UTF-8", true) {
        @Override
        String prelude(String callback) {
            return "\r\n";
        }

        @Override
        String framed(String frame, String callback) {
            return "data: " + frame + "\r\n\r\n";
        }
    },
    HTMLFILE(HttpMethod.GET, "htmlfile", "text/html; charset=UTF-8", true) {
        /** Browsers hold the first KiB back. */
        @Override
        String prelude(String callback) {
            String page = "<!DOCTYPE html>\n<html><head><meta charset=\"UTF-8\"></head><body>\n<script>\n"
                    + "document.domain = document.domain;\nvar client = parent." + callback + ";\nclient.start();\n"
                    + "function p(frame) { client.message(frame); }\n"
                    + "window.onload = function () { client.stop(); };\n</script>\n";
            return page + " ".repeat(1024) + "\r\n";
        }

        @Override
        String framed(String frame, String callback) {
            return "<script>\np(\"" + escaped(frame) + "\");\n</script>\r\n";
        }
    },
    /** The comment keeps Flash from taking the answer for its own. */
    JSONP(HttpMethod.GET, "jsonp", PollFormat.SCRIPT, false) {
        @Override
        String framed(String frame, String callback) {
            return "/**/" + callback + "(\"" + escaped(frame) + "\");\r\n";
        }
    };

    private static final String SCRIPT = "application/javascript; charset=UTF-8";
    private static final Pattern CALLBACK = Pattern.compile("[A-Za-z0-9_.-]{1,32}");

    private final HttpMethod method;
    private final String path;
    private final String contentType;
    private final boolean streams;

    PollFormat(HttpMethod method, String path, String contentType, boolean streams) {
        this.method = method;
        this.path = path;
        this.contentType = contentType;
        this.streams = streams;
    }

    HttpMethod method() {
        return method;
    }

    /** The last part of the path. */
    String path() {
        return path;
    }

    String contentType() {
        return contentType;
    }

    /** Whether an answer has many frames. */
    boolean streams() {
        return streams;
    }

    /** Whether the answer is a script that calls what the client names. */
    boolean calls() {
        return this == HTMLFILE || this == JSONP;
    }

    static boolean isCallback(String name) {
        return CALLBACK.matcher(name).matches();
    }

    /** What a stream begins with. */
    String prelude(String callback) {
        return "";
    }

    /** @param callback where {@link #calls} */
    abstract String framed(String frame, String callback);

    /** As it stands in a string of a script, also one in a page: nothing closes the script's element. */
    private static String escaped(String frame) {
        return frame.replace("\\", "\\\\").replace("\"", "\\\"").replace("<", "\\u003c");
    }
}
