package io.termbus.config;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every setting of a hub, checked: a component for each group of keys. Made once at start, never changed. A setting is
 * declared in the record of its group, with its default and rule, and is a component there.
 *
 * @param home directory of the hub's own files, created 0700
 */
public record HubConfig(
        Path home,
        HttpConfig http,
        TcpConfig tcp,
        MetricsConfig metrics,
        ProxyConfig proxy,
        TlsConfig tls,
        AuthConfig auth,
        AuditConfig audit,
        SessionConfig session,
        RecordConfig record,
        ConnectionConfig connection,
        FlowConfig flow,
        ClusterConfig cluster) {
    private static final Rows ROWS = new Rows("");
    private static final Setting<Path> HOME = ROWS.row("home", "~/.termbus", SettingType.directory());

    /** The rows of all groups. */
    static List<Setting<?>> settings() {
        return Stream.of(
                        ROWS,
                        HttpConfig.ROWS,
                        ProxyConfig.ROWS,
                        TlsConfig.ROWS,
                        TcpConfig.ROWS,
                        MetricsConfig.ROWS,
                        AuthConfig.ROWS,
                        AuditConfig.ROWS,
                        SessionConfig.ROWS,
                        RecordConfig.ROWS,
                        ConnectionConfig.ROWS,
                        FlowConfig.ROWS,
                        ClusterConfig.ROWS)
                .flatMap(rows -> rows.all().stream())
                .toList();
    }

    /** Folder of the recordings. */
    public Path recordings() {
        return home.resolve("recordings");
    }

    static HubConfig of(Values values) {
        return new HubConfig(
                values.get(HOME),
                HttpConfig.of(values),
                TcpConfig.of(values),
                MetricsConfig.of(values),
                ProxyConfig.of(values),
                TlsConfig.of(values),
                AuthConfig.of(values),
                AuditConfig.of(values),
                SessionConfig.of(values),
                RecordConfig.of(values),
                ConnectionConfig.of(values),
                FlowConfig.of(values),
                ClusterConfig.of(values));
    }
}
