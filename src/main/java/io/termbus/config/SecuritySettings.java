package io.termbus.config;

import io.termbus.config.Kind.Texts;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The rows of {@link Settings} about security. */
final class SecuritySettings {
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern ORIGIN = Pattern.compile("https?://[A-Za-z0-9._-]+(:[0-9]{1,5})?");

    static final Setting<String> BASE_PATH = open(
            "http.basePath",
            "",
            Kind.text("a path such as /termbus, without a slash at its end", Pattern.compile("(/[A-Za-z0-9._~-]+)+")));
    static final Setting<String> PUBLIC_URL = open(
            "http.publicUrl",
            "",
            Kind.text(
                    "a URL such as https://example.org/termbus, without a slash at its end",
                    Pattern.compile("https?://[A-Za-z0-9._:\\[\\]-]+(/[A-Za-z0-9._~-]+)*")));
    static final Setting<Texts> ORIGINS =
            open("http.origins", "", Kind.texts("origins such as https://example.org", ORIGIN));

    static final Setting<Texts> PROXY_ADDRESSES = open("proxy.addresses", "", Kind.texts("IP addresses", ADDRESS));
    static final Setting<String> USER_HEADER =
            open("proxy.userHeader", "", Kind.text("the name of a header", Pattern.compile("[A-Za-z0-9-]{1,64}")));
    static final Setting<String> USER_ROLE =
            open("proxy.userRole", "operator", Kind.oneOf("viewer", "operator", "admin"));

    static final Setting<Path> TLS_CERTIFICATE = open("tls.certificate", "", Kind.file());
    static final Setting<Path> TLS_KEY = open("tls.key", "", Kind.file());
    static final Setting<Path> TLS_CLIENT_CA = open("tls.clientCa", "", Kind.file());
    /** Read by {@link SecurityRules} alone: it only lets pass what is refused without it. */
    static final Setting<Boolean> ALLOW_PLAINTEXT = open("tls.allowPlaintext", "false", Kind.truth());

    static final List<Setting<?>> ALL = List.of(
            BASE_PATH,
            PUBLIC_URL,
            ORIGINS,
            PROXY_ADDRESSES,
            USER_HEADER,
            USER_ROLE,
            TLS_CERTIFICATE,
            TLS_KEY,
            TLS_CLIENT_CA,
            ALLOW_PLAINTEXT);

    private SecuritySettings() {}

    /** Uses nothing of {@link Settings}, which is made of this class. */
    private static <T> Setting<T> open(String key, String byDefault, Kind<T> kind) {
        return new Setting<>(key, byDefault, kind, false);
    }

    static Security of(Values values) {
        return new Security(
                new Security.Web(values.find(BASE_PATH).orElse(""), values.find(PUBLIC_URL), items(values, ORIGINS)),
                new Security.Proxy(items(values, PROXY_ADDRESSES), values.find(USER_HEADER), values.get(USER_ROLE)),
                new Security.Tls(values.find(TLS_CERTIFICATE), values.find(TLS_KEY), values.find(TLS_CLIENT_CA)));
    }

    private static List<String> items(Values values, Setting<Texts> setting) {
        return values.find(setting).map(Texts::items).orElse(List.of());
    }
}
