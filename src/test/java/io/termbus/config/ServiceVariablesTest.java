package io.termbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ServiceVariablesTest {
    @TempDir
    Path directory;

    private SettingsFixture settings;

    @BeforeEach
    void setUp() {
        settings = new SettingsFixture(directory);
    }

    private void set(String variable) {
        String[] parts = variable.split("=", 2);
        settings.environment.put(parts[0], parts[1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TERMBUS_SERVICE_HOST=10.96.0.12",
                "TERMBUS_SERVICE_HOST=fd00::12",
                "TERMBUS_SERVICE_PORT=8080",
                "TERMBUS_SERVICE_PORT_WEB=8080",
                "TERMBUS_SERVICE_PORT_HTTP_ALT=8080",
                "TERMBUS_PORT=tcp://10.96.0.12:8080",
                "TERMBUS_PORT=udp://10.96.0.12:53",
                "TERMBUS_PORT=tcp://[fd00::12]:8080",
                "TERMBUS_PORT_8080_TCP=tcp://10.96.0.12:8080",
                "TERMBUS_PORT_8080_TCP_PROTO=tcp",
                "TERMBUS_PORT_8080_TCP_PORT=8080",
                "TERMBUS_PORT_8080_TCP_ADDR=10.96.0.12",
                "TERMBUS_PORT_53_UDP=udp://10.96.0.12:53",
                "TERMBUS_PORT_9_SCTP_PROTO=sctp",
                "TERMBUS_WEB_2_SERVICE_HOST=10.96.0.12",
                "TERMBUS_WEB_2_SERVICE_PORT_MAIN=8080",
                "TERMBUS_WEB_2_PORT=tcp://10.96.0.12:8080",
                "TERMBUS_WEB_2_PORT_8080_TCP_ADDR=10.96.0.12"
            })
    void whatAnotherServiceIsAnnouncedByIsPassedOver(String variable) throws ConfigException {
        HubConfig defaults = settings.config();
        set(variable);

        assertThat(settings.config()).isEqualTo(defaults);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TERMBUS_HTTP_PORT=tcp://10.96.0.12:80",
                "TERMBUS_TCP_PORT=tcp://10.96.0.12:7000",
                "TERMBUS_CLUSTER_BUS_PORT=tcp://10.96.0.12:5701"
            })
    void aServiceThatIsNamedLikeASettingDoesNotSetIt(String variable) throws ConfigException {
        HubConfig defaults = settings.config();
        set(variable);

        LoadedConfig loaded = settings.load();

        assertThat(loaded.config()).isEqualTo(defaults);
        assertThat(loaded.warnings()).singleElement().asString().startsWith(variable.replace("=", " = "));
    }

    @Test
    void aSettingOfTheSameNameStillCounts() throws ConfigException {
        set("TERMBUS_HTTP_PORT=9000");
        set("TERMBUS_HTTP_SERVICE_PORT=80");

        assertThat(settings.config().http().port()).isEqualTo(9000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TERMBUS_PORT=7000",
                "TERMBUS_PORT=http://10.96.0.12:80",
                "TERMBUS_PORT=tcp://10.96.0.12",
                "TERMBUS_SERVICE_HOST=a b",
                "TERMBUS_SERVICE_PORT=web",
                "TERMBUS_SERVICE=10.96.0.12",
                "TERMBUS_SERVICE_NAME=termbus",
                "TERMBUS_PORT_8080=tcp://10.96.0.12:8080",
                "TERMBUS_PORT_8080_TCP_PROTO=http",
                "TERMBUS_HTTP_HOST_PORT=80"
            })
    void whatOnlyLooksLikeItIsAnError(String variable) {
        set(variable);

        assertThat(settings.problems()).singleElement().asString().contains("unknown key", variable.split("=")[0]);
    }

    @Test
    void aUrlIsNoHost() {
        set("TERMBUS_HTTP_HOST=tcp://10.96.0.12:80");

        assertThat(settings.problems()).singleElement().asString().startsWith("http.host = tcp://");
    }
}
