package io.termbus.config;

import io.termbus.config.SettingType.Texts;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The listener of the web app and of SockJS: the settings {@code http.*}. Immutable.
 *
 * @param port 0..65535; 0 picks a free one
 * @param basePath what every path begins with, such as {@code /termbus}; empty: nothing
 * @param publicUrl where others reach the web app, without a slash at the end
 * @param origins of pages beside the hub's own that may use the bus
 * @param frameAncestors origins of pages that may have the page with one terminal in a frame
 * @param hosts names by which browsers may ask for the hub, beside those of the listener and {@code publicUrl};
 *     {@code *.} before one stands for any below it
 * @param maxConnections that are no WebSockets
 * @param maxPerAddress of them; loopback addresses and proxies have no such limit
 */
public record HttpConfig(
        String host,
        int port,
        String basePath,
        Optional<String> publicUrl,
        List<String> origins,
        List<String> frameAncestors,
        List<String> hosts,
        int maxConnections,
        int maxPerAddress) {
    static final Rows ROWS = new Rows("http.");
    static final Setting<String> HOST = ROWS.row("host", "127.0.0.1", SettingType.host());
    private static final Setting<Integer> PORT = ROWS.whole("port", 8080, 0, 65535);
    private static final Setting<String> BASE_PATH = ROWS.row(
            "basePath",
            "",
            SettingType.text(
                    "a path such as /termbus, without a slash at its end", Pattern.compile("(/[A-Za-z0-9._~-]+)+")));
    private static final Setting<String> PUBLIC_URL = ROWS.row(
            "publicUrl",
            "",
            SettingType.text(
                    "a URL such as https://example.org/termbus, without a slash at its end",
                    Pattern.compile("https?://[A-Za-z0-9._:\\[\\]-]+(/[A-Za-z0-9._~-]+)*")));
    private static final Setting<Texts> ORIGINS = ROWS.row(
            "origins",
            "",
            SettingType.texts(
                    "origins such as https://example.org", Pattern.compile("https?://[A-Za-z0-9._-]+(:[0-9]{1,5})?")));
    private static final Setting<Texts> FRAME_ANCESTORS = ROWS.row(
            "frameAncestors",
            "",
            SettingType.texts(
                    "origins such as https://example.org or https://*.example.org",
                    Pattern.compile("https?://(\\*\\.)?[A-Za-z0-9._-]+(:[0-9]{1,5})?")));
    private static final Setting<Texts> HOSTS = ROWS.row(
            "hosts",
            "",
            SettingType.texts(
                    "names such as termbus.lan or *.example.org",
                    Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")));
    private static final Setting<Integer> MAX_CONNECTIONS = ROWS.whole("maxConnections", 1024, 1, 65_535);
    /** Some 40 browsers behind one address, each with as many connections as it has. */
    private static final Setting<Integer> MAX_PER_ADDRESS = ROWS.whole("maxPerAddress", 256, 1, 65_535);

    static HttpConfig of(Values values) {
        return new HttpConfig(
                values.get(HOST),
                values.get(PORT),
                values.find(BASE_PATH).orElse(""),
                values.find(PUBLIC_URL),
                values.items(ORIGINS),
                values.items(FRAME_ANCESTORS),
                values.items(HOSTS),
                values.get(MAX_CONNECTIONS),
                values.get(MAX_PER_ADDRESS));
    }
}
