package io.termbus.config;

import static io.termbus.config.Setting.open;
import static io.termbus.config.Setting.whole;

import io.termbus.config.Kind.Texts;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The rows of {@link Settings} about security. */
final class SecuritySettings {
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

    static final Setting<Texts> HOSTS = open(
            "http.hosts",
            "",
            Kind.texts(
                    "names such as termbus.lan or *.example.org",
                    Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")));

    static final Setting<Texts> PROXY_ADDRESSES =
            open("proxy.addresses", "", Kind.texts("IP addresses or networks such as 10.0.0.0/8", Networks::isNetwork));
    static final Setting<String> USER_HEADER =
            open("proxy.userHeader", "", Kind.text("the name of a header", Pattern.compile("[A-Za-z0-9-]{1,64}")));
    static final Setting<String> USER_ROLE =
            open("proxy.userRole", "operator", Kind.oneOf("viewer", "operator", "admin"));

    static final Setting<Path> TLS_CERTIFICATE = open("tls.certificate", "", Kind.file());
    static final Setting<Path> TLS_KEY = open("tls.key", "", Kind.file());
    static final Setting<Path> TLS_CLIENT_CA = open("tls.clientCa", "", Kind.file());
    /** Read by {@link SecurityRules} alone: it only lets pass what is refused without it. */
    static final Setting<Boolean> ALLOW_PLAINTEXT = open("tls.allowPlaintext", "false", Kind.truth());

    static final Setting<Integer> SESSIONS_PER_USER = whole("session.maxPerUser", 0, 0, 4096);
    static final Setting<Integer> SUBSCRIBERS_PER_SESSION = whole("session.maxSubscribers", 1024, 1, 100_000);
    static final Setting<Integer> CONNECTIONS_PER_ADDRESS = whole("connection.maxPerAddress", 64, 1, 65_535);
    static final Setting<Integer> REQUESTS_PER_SECOND = whole("connection.maxRequestsPerSecond", 20_000, 1, 10_000_000);
    /** Some times what a terminal takes; what waits for a program that does not read has a limit of its own. */
    static final Setting<Integer> INPUT_BYTES_PER_SECOND =
            whole("connection.maxInputBytesPerSecond", 64 << 20, 1024, 1 << 30);

    static final Setting<Integer> HTTP_CONNECTIONS = whole("http.maxConnections", 1024, 1, 65_535);
    /** Some 40 browsers behind one address, each with as many connections as it has. */
    static final Setting<Integer> HTTP_CONNECTIONS_PER_ADDRESS = whole("http.maxPerAddress", 256, 1, 65_535);

    static final Setting<Integer> LOGIN_FAILURES = whole("auth.maxFailures", 10, 1, 1_000_000);

    static final Setting<Texts> COMMANDS =
            open("session.commands", "", Kind.texts("absolute paths of programs", Pattern.compile("/[^,]+")));
    static final Setting<Texts> DIRECTORIES =
            open("session.directories", "", Kind.texts("absolute paths of directories", Pattern.compile("/[^,]*")));
    static final Setting<String> UMASK =
            open("session.umask", "", Kind.text("three octal digits such as 027", Pattern.compile("0?[0-7]{3}")));
    static final Setting<Texts> KEEP_ENVIRONMENT = open(
            "session.keepEnvironment",
            "",
            Kind.texts(
                    "names of variables, or beginnings with * behind", Pattern.compile("[A-Za-z_][A-Za-z0-9_]*\\*?")));
    static final Setting<String> OPEN_FILES = open(
            "session.openFiles",
            "",
            Kind.text("a whole number from 16 to 999999999", Pattern.compile("1[6-9]|[2-9][0-9]|[1-9][0-9]{2,8}")));
    static final Setting<Path> AUDIT_FILE = open("audit.file", "", Kind.file());

    static final List<Setting<?>> ALL = List.of(
            SESSIONS_PER_USER,
            SUBSCRIBERS_PER_SESSION,
            CONNECTIONS_PER_ADDRESS,
            REQUESTS_PER_SECOND,
            INPUT_BYTES_PER_SECOND,
            HTTP_CONNECTIONS,
            HTTP_CONNECTIONS_PER_ADDRESS,
            LOGIN_FAILURES,
            COMMANDS,
            DIRECTORIES,
            UMASK,
            KEEP_ENVIRONMENT,
            OPEN_FILES,
            AUDIT_FILE,
            BASE_PATH,
            PUBLIC_URL,
            ORIGINS,
            HOSTS,
            PROXY_ADDRESSES,
            USER_HEADER,
            USER_ROLE,
            TLS_CERTIFICATE,
            TLS_KEY,
            TLS_CLIENT_CA,
            ALLOW_PLAINTEXT);

    private SecuritySettings() {}

    static Security of(Values values) {
        return new Security(
                new Security.Web(
                        values.find(BASE_PATH).orElse(""),
                        values.find(PUBLIC_URL),
                        items(values, ORIGINS),
                        items(values, HOSTS)),
                new Security.Proxy(
                        new Networks(items(values, PROXY_ADDRESSES)), values.find(USER_HEADER), values.get(USER_ROLE)),
                new Security.Tls(values.find(TLS_CERTIFICATE), values.find(TLS_KEY), values.find(TLS_CLIENT_CA)),
                limits(values),
                child(values),
                values.find(AUDIT_FILE));
    }

    private static Security.Child child(Values values) {
        return new Security.Child(
                items(values, COMMANDS),
                items(values, DIRECTORIES),
                values.find(UMASK),
                items(values, KEEP_ENVIRONMENT),
                values.find(OPEN_FILES)
                        .map(text -> OptionalLong.of(Long.parseLong(text)))
                        .orElse(OptionalLong.empty()));
    }

    private static Security.Limits limits(Values values) {
        return new Security.Limits(
                values.get(SESSIONS_PER_USER),
                values.get(SUBSCRIBERS_PER_SESSION),
                values.get(CONNECTIONS_PER_ADDRESS),
                values.get(REQUESTS_PER_SECOND),
                values.get(INPUT_BYTES_PER_SECOND),
                values.get(HTTP_CONNECTIONS),
                values.get(HTTP_CONNECTIONS_PER_ADDRESS),
                values.get(LOGIN_FAILURES));
    }

    private static List<String> items(Values values, Setting<Texts> setting) {
        return values.find(setting).map(Texts::items).orElse(List.of());
    }
}
