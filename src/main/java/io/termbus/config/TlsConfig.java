package io.termbus.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * PEM files for the listeners, or for the event bus between nodes: the settings {@code tls.*} and {@code cluster.tls.*}.
 * Certificate and key are both there or both not. Immutable.
 *
 * @param clientCa who connects must show a certificate that one of these signed
 */
public record TlsConfig(Optional<Path> certificate, Optional<Path> key, Optional<Path> clientCa) {
    /** No TLS. */
    public static final TlsConfig NONE = new TlsConfig(Optional.empty(), Optional.empty(), Optional.empty());

    static final Rows ROWS = new Rows("tls.");
    static final Setting<Path> CERTIFICATE = ROWS.row("certificate", "", SettingType.file());
    static final Setting<Path> KEY = ROWS.row("key", "", SettingType.file());
    static final Setting<Path> CLIENT_CA = ROWS.row("clientCa", "", SettingType.file());
    /** Read by {@link SecurityRules} alone: it only lets pass what is refused without it. */
    static final Setting<Boolean> ALLOW_PLAINTEXT = ROWS.row("allowPlaintext", "false", SettingType.truth());

    static TlsConfig of(Values values) {
        return new TlsConfig(values.find(CERTIFICATE), values.find(KEY), values.find(CLIENT_CA));
    }

    public boolean on() {
        return certificate.isPresent();
    }
}
