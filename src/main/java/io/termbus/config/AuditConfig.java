package io.termbus.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The audit log: the settings {@code audit.*}. Immutable.
 *
 * @param file of JSON lines; empty: none
 */
public record AuditConfig(Optional<Path> file) {
    static final Rows ROWS = new Rows("audit.");
    private static final Setting<Path> FILE = ROWS.row("file", "", SettingType.file());

    static AuditConfig of(Values values) {
        return new AuditConfig(values.find(FILE));
    }
}
