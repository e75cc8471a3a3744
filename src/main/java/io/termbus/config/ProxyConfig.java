package io.termbus.config;

import io.termbus.config.SettingType.Texts;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Proxies before the listeners: the settings {@code proxy.*}. Immutable.
 *
 * @param addresses of the proxies whose headers are believed
 * @param userHeader names the user that the proxy has let in
 * @param userRole role of such users
 */
public record ProxyConfig(Networks addresses, Optional<String> userHeader, String userRole) {
    static final Rows ROWS = new Rows("proxy.");
    static final Setting<Texts> ADDRESSES = ROWS.row(
            "addresses", "", SettingType.texts("IP addresses or networks such as 10.0.0.0/8", Networks::isNetwork));
    static final Setting<String> USER_HEADER =
            ROWS.row("userHeader", "", SettingType.text("the name of a header", Pattern.compile("[A-Za-z0-9-]{1,64}")));
    private static final Setting<String> USER_ROLE =
            ROWS.row("userRole", "operator", SettingType.oneOf("viewer", "operator", "admin"));

    static ProxyConfig of(Values values) {
        return new ProxyConfig(new Networks(values.items(ADDRESSES)), values.find(USER_HEADER), values.get(USER_ROLE));
    }
}
