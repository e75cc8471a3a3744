package io.termbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SourcesTest {
    @TempDir
    Path directory;

    private SettingsFixture settings;

    @BeforeEach
    void setUp() {
        settings = new SettingsFixture(directory);
    }

    @Test
    void defaultsAreThoseOfTheContract() throws ConfigException {
        HubConfig config = settings.config();

        assertThat(config)
                .isEqualTo(new HubConfig(
                        Path.of("/home/someone/.termbus"),
                        new HttpConfig(
                                "127.0.0.1", 8080, "", Optional.empty(), List.of(), List.of(), List.of(), 1024, 256),
                        new TcpConfig("127.0.0.1", 7000, Optional.empty()),
                        new MetricsConfig("127.0.0.1", Optional.empty()),
                        new ProxyConfig(Networks.NONE, Optional.empty(), "operator"),
                        TlsConfig.NONE,
                        new AuthConfig(Optional.empty(), 10),
                        new AuditConfig(Optional.empty()),
                        new SessionConfig(
                                64,
                                0,
                                1024,
                                10_000,
                                33_554_432,
                                2_000_000,
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(2),
                                false,
                                new SessionConfig.Child(
                                        List.of(), List.of(), Optional.empty(), List.of(), OptionalLong.empty(), 5)),
                        new RecordConfig(
                                RecordConfig.Mode.OFF, RecordConfig.Which.ASKED, Duration.ofDays(30), 10_737_418_240L),
                        new ConnectionConfig(128, 64, Duration.ofSeconds(10), 64, 20_000, 67_108_864, 16_777_216),
                        new FlowConfig(
                                new FlowConfig.Level(1024, 131_072, 10),
                                new FlowConfig.Level(4096, 524_288, 100),
                                false,
                                65_536,
                                4_194_304,
                                65_536,
                                1_048_576,
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(30),
                                100),
                        new ClusterConfig(
                                Optional.empty(),
                                "termbus",
                                "127.0.0.1",
                                5701,
                                0,
                                Optional.empty(),
                                List.of("127.0.0.1"),
                                TlsConfig.NONE)));
    }

    @Test
    void eachSourceIsStrongerThanTheOneBefore() throws ConfigException {
        settings.yaml("session.max: 1\nconnection.max: 1\nhttp.port: 1\n");
        settings.environment.put("TERMBUS_CONNECTION_MAX", "2");
        settings.environment.put("TERMBUS_HTTP_PORT", "2");

        HubConfig config = settings.config("http.port=3");

        assertThat(config.tcp().port()).isEqualTo(7000);
        assertThat(config.session().max()).isEqualTo(1);
        assertThat(config.connection().max()).isEqualTo(2);
        assertThat(config.http().port()).isEqualTo(3);
    }

    @Test
    void keysOfTheFileMayBeNestedDottedOrBoth() throws ConfigException {
        settings.yaml("flow:\n  yellow: {deliveries: 5}\n  red.deliveries: 6\nflow.yellow:\n  bytes: 7\nhttp:\n");

        FlowConfig flow = settings.config().flow();

        assertThat(flow.yellow()).isEqualTo(new FlowConfig.Level(5, 7, 10));
        assertThat(flow.red().deliveries()).isEqualTo(6);
    }

    @Test
    void anEmptyFileSaysNothing() throws ConfigException {
        HubConfig defaults = settings.config();
        settings.yaml("\uFEFF# nothing\n");

        assertThat(settings.config()).isEqualTo(defaults);
    }

    @Test
    void theNamedFileIsReadInsteadOfTheDefaultOne() throws ConfigException {
        settings.yaml("http.port: 1\n");
        settings.write("other/my.yaml", "tcp.port: 2\n");

        HubConfig config = settings.configOf("other/my.yaml");

        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.tcp().port()).isEqualTo(2);
    }

    @Test
    void capitalsOfAKeyMayPartWordsInTheEnvironment() throws ConfigException {
        settings.environment.put("TERMBUS_SESSION_SCROLLBACKLINES", "1");
        settings.environment.put("TERMBUS_SESSION_EXITED_RETENTION_SECONDS", "2");
        settings.environment.put("TERMBUS_FLOW_YELLOW_DELIVERIES", "3");
        settings.environment.put("TERMBUS_LOG_LEVEL", "DEBUG");
        settings.environment.put("OTHER", "x");

        HubConfig config = settings.config();

        assertThat(config.session().scrollbackLines()).isEqualTo(1);
        assertThat(config.session().exitedRetention()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.flow().yellow().deliveries()).isEqualTo(3);
    }

    @Test
    void ofTwoAssignmentsTheLaterWins() throws ConfigException {
        assertThat(settings.config("http.port=1", "http.port=2").http().port()).isEqualTo(2);
    }

    @Test
    void valuesAreReadAsWhatTheyMean() throws ConfigException {
        HubConfig config = settings.config(
                "home=~/hub",
                "tcp.socket=/run/a=b",
                "http.host=[::1]",
                "auth.token=a=b/c_0123456789",
                "flow.autoDisconnect=true",
                "flow.stallSeconds=0");

        assertThat(config.home()).isEqualTo(Path.of("/home/someone/hub"));
        assertThat(config.tcp().socket()).contains(Path.of("/run/a=b"));
        assertThat(config.http().host()).isEqualTo("::1");
        assertThat(config.auth().token()).contains("a=b/c_0123456789");
        assertThat(config.flow().autoDisconnect()).isTrue();
        assertThat(config.flow().stall()).isZero();
    }

    @Test
    void nothingTakesAnOptionalValueBack() throws ConfigException {
        settings.yaml("tcp.socket: /run/s\nauth.token: ~\n");

        HubConfig config = settings.config("tcp.socket=");

        assertThat(config.tcp().socket()).isEmpty();
        assertThat(config.auth().token()).isEmpty();
    }

    @Test
    void moreUnackedBytesAllowMoreUnflushedOnes() throws ConfigException {
        assertThat(settings.config("flow.maxUnackedBytes=33554432").connection().maxUnflushedBytes())
                .isEqualTo(4 * 33_554_432);
        assertThat(settings.config("flow.maxUnackedBytes=1073741824")
                        .connection()
                        .maxUnflushedBytes())
                .isEqualTo(Integer.MAX_VALUE);
    }
}
