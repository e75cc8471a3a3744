package io.termbus.config;

import java.util.regex.Pattern;

/** Rules about more than one setting that keep a hub from being open by mistake. */
final class SecurityRules {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1|0:0:0:0:0:0:0:1");

    private SecurityRules() {}

    static void check(Values values, Problems problems) {
        together(TlsConfig.CERTIFICATE, TlsConfig.KEY, values, problems);
        together(TlsConfig.KEY, TlsConfig.CERTIFICATE, values, problems);
        together(TlsConfig.CLIENT_CA, TlsConfig.CERTIFICATE, values, problems);
        together(ProxyConfig.USER_HEADER, ProxyConfig.ADDRESSES, values, problems);
        reachable(HttpConfig.HOST, values, problems);
        reachable(TcpConfig.HOST, values, problems);
        if (values.find(MetricsConfig.PORT).isPresent()) {
            reachable(MetricsConfig.HOST, values, problems);
        }
    }

    /** The one is nothing without the other. */
    static void together(Setting<?> one, Setting<?> other, Values values, Problems problems) {
        if (values.find(one).isPresent() && values.isDefault(other)) {
            problems.add(values.given(one) + ": allowed is only together with " + other.key());
        }
    }

    /** A listener that others can reach needs TLS, or a word that it does not, and a token that cannot be guessed. */
    private static void reachable(Setting<String> host, Values values, Problems problems) {
        if (!isOpen(host, values)) {
            return;
        }
        boolean plaintext = values.find(TlsConfig.ALLOW_PLAINTEXT).orElse(false);
        if (!plaintext && values.isDefault(TlsConfig.CERTIFICATE)) {
            problems.add(values.given(host) + ": allowed is a loopback address, or tls.certificate and tls.key, or "
                    + "tls.allowPlaintext = true");
        }
        longToken(host, values, problems);
    }

    /** Others can reach {@code host}. */
    static void longToken(Setting<String> host, Values values, Problems problems) {
        if (values.find(AuthConfig.TOKEN)
                .filter(token -> token.length() < CrossRules.SHORT_TOKEN_CHARS)
                .isPresent()) {
            problems.add(values.given(AuthConfig.TOKEN) + ": allowed with " + host.key()
                    + " that is no loopback address are at least " + CrossRules.SHORT_TOKEN_CHARS + " characters");
        }
    }

    /** Others can reach the listener at the address that is in force for {@code host}. */
    static boolean isOpen(Setting<String> host, Values values) {
        return values.find(host).filter(name -> !isLoopback(name)).isPresent();
    }

    private static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }
}
