package io.termbus.config;

import static io.termbus.config.Setting.open;

import io.termbus.config.Kind.Texts;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The rows of {@link Settings} about other nodes; they matter with {@code --cluster} only. */
final class ClusterSettings {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern MEMBER =
            Pattern.compile("[A-Za-z0-9._-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");

    static final Setting<Path> FILE = open("cluster.config", "", Kind.file());
    static final Setting<String> NAME_OF_CLUSTER = open("cluster.name", "termbus", Kind.text("a short name", NAME));
    static final Setting<String> HOST = open("cluster.host", "127.0.0.1", Kind.host());
    static final Setting<Integer> PORT = open("cluster.port", "5701", Kind.whole(1, 65_535));
    static final Setting<Integer> BUS_PORT = open("cluster.busPort", "0", Kind.whole(0, 65_535));
    static final Setting<String> PUBLIC_HOST = open(
            "cluster.publicHost", "", Kind.text("a host name or an IP address", Pattern.compile("[\\w.:-]{1,253}")));
    static final Setting<Texts> MEMBERS = open("cluster.members", "127.0.0.1", Kind.texts("host or host:port", MEMBER));
    static final Setting<Path> TLS_CERTIFICATE = open("cluster.tls.certificate", "", Kind.file());
    static final Setting<Path> TLS_KEY = open("cluster.tls.key", "", Kind.file());
    static final Setting<Path> TLS_CA = open("cluster.tls.ca", "", Kind.file());
    /** Read by {@link #check} alone: it only lets pass what is refused without it. */
    static final Setting<Boolean> ALLOW_PLAINTEXT = open("cluster.allowPlaintext", "false", Kind.truth());

    static final List<Setting<?>> ALL = List.of(
            FILE,
            NAME_OF_CLUSTER,
            HOST,
            PORT,
            BUS_PORT,
            PUBLIC_HOST,
            MEMBERS,
            TLS_CERTIFICATE,
            TLS_KEY,
            TLS_CA,
            ALLOW_PLAINTEXT);

    private ClusterSettings() {}

    static Cluster of(Values values) {
        return new Cluster(
                values.find(FILE),
                values.find(NAME_OF_CLUSTER).orElse(Cluster.DEFAULTS.name()),
                values.get(HOST),
                values.get(PORT),
                values.get(BUS_PORT),
                values.find(PUBLIC_HOST),
                values.find(MEMBERS).map(Texts::items).orElse(List.of()),
                new Security.Tls(values.find(TLS_CERTIFICATE), values.find(TLS_KEY), values.find(TLS_CA)));
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
