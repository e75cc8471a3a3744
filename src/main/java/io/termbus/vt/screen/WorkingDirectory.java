package io.termbus.vt.screen;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads the path out of an OSC 7 payload, {@code file://host/path} with percent encoding. */
final class WorkingDirectory {
    private static final String SCHEME = "file://";

    private WorkingDirectory() {}

    static String path(String uri) {
        if (!uri.startsWith(SCHEME)) {
            return uri.startsWith("/") ? decode(uri) : "";
        }
        int slash = uri.indexOf('/', SCHEME.length());
        return slash < 0 ? "" : decode(uri.substring(slash));
    }

    private static String decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                out.write(bytes[i]);
            } else {
                out.write(high << 4 | low);
                i += 2;
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
