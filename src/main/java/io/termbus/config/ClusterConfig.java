package io.termbus.config;

import io.termbus.config.SettingType.Texts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How this node joins others, where it is to: the settings {@code cluster.*}. They matter with {@code --cluster} only.
 * Immutable.
 *
 * @param file Hazelcast's own configuration; empty: {@code conf/cluster.xml}, or the one in the jar
 * @param name clusters of different names do not join
 * @param host address that this node listens on for other nodes
 * @param port of the membership; a free one above it where it is taken
 * @param busPort of the event bus; 0 picks a free one
 * @param publicHost how other nodes reach this one; empty: {@code host}
 * @param members where other nodes may be, each {@code host} or {@code host:port}
 * @param tls of the event bus between nodes; certificate, key and CA are all there or all not
 */
public record ClusterConfig(
        Optional<Path> file,
        String name,
        String host,
        int port,
        int busPort,
        Optional<String> publicHost,
        List<String> members,
        TlsConfig tls) {
    private static final Pattern NAME_FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern MEMBER =
            Pattern.compile("[A-Za-z0-9._-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");

    static final Rows ROWS = new Rows("cluster.");
    private static final Setting<Path> FILE = ROWS.row("config", "", SettingType.file());
    private static final Setting<String> NAME =
            ROWS.row("name", "termbus", SettingType.text("a short name", NAME_FORM));
    private static final Setting<String> HOST = ROWS.row("host", "127.0.0.1", SettingType.host());
    private static final Setting<Integer> PORT = ROWS.whole("port", 5701, 1, 65_535);
    private static final Setting<Integer> BUS_PORT = ROWS.whole("busPort", 0, 0, 65_535);
    private static final Setting<String> PUBLIC_HOST = ROWS.row(
            "publicHost", "", SettingType.text("a host name or an IP address", Pattern.compile("[\\w.:-]{1,253}")));
    private static final Setting<Texts> MEMBERS =
            ROWS.row("members", "127.0.0.1", SettingType.texts("host or host:port", MEMBER));
    private static final Setting<Path> TLS_CERTIFICATE = ROWS.row("tls.certificate", "", SettingType.file());
    private static final Setting<Path> TLS_KEY = ROWS.row("tls.key", "", SettingType.file());
    private static final Setting<Path> TLS_CA = ROWS.row("tls.ca", "", SettingType.file());
    /** Read by {@link #check} alone: it only lets pass what is refused without it. */
    private static final Setting<Boolean> ALLOW_PLAINTEXT = ROWS.row("allowPlaintext", "false", SettingType.truth());

    static ClusterConfig of(Values values) {
        return new ClusterConfig(
                values.find(FILE),
                values.find(NAME).orElse(NAME.defaultText()),
                values.get(HOST),
                values.get(PORT),
                values.get(BUS_PORT),
                values.find(PUBLIC_HOST),
                values.items(MEMBERS),
                new TlsConfig(values.find(TLS_CERTIFICATE), values.find(TLS_KEY), values.find(TLS_CA)));
    }

    static void check(Values values, Problems problems) {
        SecurityRules.together(TLS_CERTIFICATE, TLS_KEY, values, problems);
        SecurityRules.together(TLS_KEY, TLS_CA, values, problems);
        SecurityRules.together(TLS_CA, TLS_CERTIFICATE, values, problems);
        if (!SecurityRules.isOpen(HOST, values)) {
            return;
        }
        if (!values.find(ALLOW_PLAINTEXT).orElse(false)) {
            problems.add(values.given(HOST) + ": allowed is a loopback address, or cluster.allowPlaintext = true where"
                    + " nobody else reaches that network: membership is neither encrypted nor authenticated");
        }
        SecurityRules.longToken(HOST, values, problems);
    }
}
