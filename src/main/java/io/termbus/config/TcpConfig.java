package io.termbus.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The TCP bridge: the settings {@code tcp.*}. Immutable.
 *
 * @param port 0..65535; 0 picks a free one
 * @param socket path of a Unix domain socket that is served beside the port
 */
public record TcpConfig(String host, int port, Optional<Path> socket) {
    static final Rows ROWS = new Rows("tcp.");
    static final Setting<String> HOST = ROWS.row("host", "127.0.0.1", SettingType.host());
    private static final Setting<Integer> PORT = ROWS.whole("port", 7000, 0, 65535);
    private static final Setting<Path> SOCKET = ROWS.row("socket", "", SettingType.socket());

    static TcpConfig of(Values values) {
        return new TcpConfig(values.get(HOST), values.get(PORT), values.find(SOCKET));
    }
}
