package io.termbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub is not open to others by mistake. */
@Timeout(20)
class SecurityRulesTest {
    @TempDir
    Path directory;

    private SettingsFixture settings;

    @BeforeEach
    void start() {
        settings = new SettingsFixture(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http.host=0.0.0.0", "tcp.host=::", "http.host=example.org", "tcp.host=192.168.0.1"})
    void otherAddressesThanLoopbackTakeTlsOrAWord(String host) throws ConfigException {
        assertThat(settings.problems(host)).singleElement().asString().contains("tls.allowPlaintext");

        assertThat(settings.config(host, "tls.allowPlaintext=true")).isNotNull();
        assertThat(settings.config(host, "tls.certificate=/c", "tls.key=/k")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http.host=localhost", "tcp.host=127.0.0.2", "http.host=[::1]"})
    void loopbackAddressesTakeNothing(String host) throws ConfigException {
        assertThat(settings.config(host)).isNotNull();
    }

    @Test
    void aTokenThatCanBeGuessedIsRefusedBeyondLoopback() {
        List<String> problems = settings.problems("http.host=0.0.0.0", "tls.allowPlaintext=true", "auth.token=secret");

        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("auth.token = ***")
                .contains("16 characters");
    }

    @Test
    void aClusterBeyondLoopbackTakesAWordAndATokenThatCannotBeGuessed() throws ConfigException {
        String host = "cluster.host=10.0.0.1";
        assertThat(settings.problems(host)).singleElement().asString().contains("cluster.allowPlaintext");
        assertThat(settings.problems(host, "cluster.allowPlaintext=true", "auth.token=secret"))
                .singleElement()
                .asString()
                .contains("16 characters");
        assertThat(settings.problems("cluster.tls.key=/k")).isNotEmpty();

        assertThat(settings.config(host, "cluster.allowPlaintext=true")
                        .cluster()
                        .host())
                .isEqualTo("10.0.0.1");
    }

    @Test
    void whatIsNothingAloneIsRefusedAlone() {
        assertThat(settings.problems("tls.certificate=/c"))
                .singleElement()
                .asString()
                .contains("tls.key");
        assertThat(settings.problems("tls.key=/k")).singleElement().asString().contains("tls.certificate");
        assertThat(settings.problems("tls.clientCa=/a"))
                .singleElement()
                .asString()
                .contains("tls.certificate");
        assertThat(settings.problems("proxy.userHeader=X-User"))
                .singleElement()
                .asString()
                .contains("proxy.addresses");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.basePath=termbus",
                "http.basePath=/a/",
                "http.publicUrl=ftp://a",
                "http.origins=*",
                "http.origins=https://a/",
                "http.frameAncestors=*",
                "http.frameAncestors=https://a 'self'",
                "http.frameAncestors=https://*.",
                "proxy.addresses=10.0.0.0/33",
                "proxy.addresses=proxy.example",
                "proxy.userRole=root",
                "proxy.userHeader=a b"
            })
    void whatIsMalformedIsRefused(String assignment) {
        assertThat(settings.problems(assignment).get(0)).startsWith(assignment.split("=")[0]);
    }
}
