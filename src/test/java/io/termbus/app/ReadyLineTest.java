package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.auth.AdminToken;
import io.termbus.config.ConfigLoader;
import io.termbus.config.HubConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ReadyLineTest {
    @Test
    void itNamesTheBoundPortsAndTheLoginUrl() throws Exception {
        assertThat(line("auth.token=a", "http.port=0"))
                .isEqualTo("Termbus ready http=127.0.0.1:41 tcp=127.0.0.1:42 url=http://127.0.0.1:41/?token=a");
    }

    @Test
    void metricsAreNamedWhereTheyAreOn() throws Exception {
        assertThat(line("auth.token=a", "metrics.port=0", "metrics.host=::1", "tcp.socket=/run/a"))
                .contains(" tcp=127.0.0.1:42 metrics=[::1]:43 socket=/run/a url=");
    }

    @Test
    void blanksInTheSocketsPathDoNotSplitItsField() throws Exception {
        assertThat(line("auth.token=a", "tcp.socket=/run/a b%/é")).contains(" socket=/run/a%20b%25/é url=");
    }

    @Test
    void theTokenIsEncodedForAQuery() throws Exception {
        assertThat(line("auth.token=a&b+c/%#")).endsWith("?token=a%26b%2Bc%2F%25%23");
    }

    @Test
    void addressesOfIpv6StandInBrackets() throws Exception {
        assertThat(line(
                        "auth.token=0123456789abcdef",
                        "http.host=::1",
                        "tcp.host=[fe80::1]",
                        "tls.allowPlaintext=true"))
                .isEqualTo("Termbus ready http=[::1]:41 tcp=[fe80::1]:42 url=http://[::1]:41/?token=0123456789abcdef");
    }

    @Test
    void theUrlOfAHubOnEveryAddressCanBeOpened() throws Exception {
        assertThat(line("auth.token=0123456789abcdef", "http.host=0.0.0.0", "tls.allowPlaintext=true"))
                .contains(" http=0.0.0.0:41 ", " url=http://127.0.0.1:41/?token=0123456789abcdef");
        assertThat(line("auth.token=0123456789abcdef", "http.host=::", "tls.allowPlaintext=true"))
                .contains(" http=[::]:41 ", " url=http://[::1]:41/?token=0123456789abcdef");
    }

    private static String line(String... assignments) throws Exception {
        ConfigLoader loader = new ConfigLoader(Path.of("absent"), Path.of("/home/someone"), Map.of());
        HubConfig config = loader.load(Optional.empty(), List.of(assignments)).config();
        return ReadyLine.of(config, 41, 42, 43, AdminToken.of(config));
    }
}
