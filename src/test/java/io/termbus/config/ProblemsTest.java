package io.termbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ProblemsTest {
    @TempDir
    Path directory;

    private SettingsFixture settings;

    @BeforeEach
    void setUp() {
        settings = new SettingsFixture(directory);
    }

    @Test
    void allProblemsOfAllSourcesAreListedTogether() {
        settings.yaml("http.port: 65536\nsessoin.max: 3\nflow: {yellow: {bytes: 0}}\n");
        settings.environment.put("TERMBUS_TCP_PORT", "seven");
        settings.environment.put("TERMBUS_FLOW_YELOW_DELIVERIES", "3");

        assertThat(settings.problems("flow.yellow.deliveries=4096", "flow.autoDisconnect=yes", "tcp.prot=1"))
                .containsExactlyInAnyOrder(
                        "http.port = 65536 (conf/termbus.yaml, line 1): allowed is a whole number from 0 to 65535",
                        "sessoin.max = 3 (conf/termbus.yaml, line 2): unknown key, the nearest known is session.max",
                        "flow.yellow.bytes = 0 (conf/termbus.yaml, line 3):"
                                + " allowed is a whole number from 1 to 1073741824",
                        "tcp.port = seven (environment TERMBUS_TCP_PORT): allowed is a whole number from 0 to 65535",
                        "flow.yelow.deliveries = 3 (environment TERMBUS_FLOW_YELOW_DELIVERIES):"
                                + " unknown key, the nearest known is flow.yellow.deliveries",
                        "flow.autoDisconnect = yes (--set): allowed is true or false",
                        "tcp.prot = 1 (--set): unknown key, the nearest known is tcp.port",
                        "flow.yellow.deliveries = 4096 (--set):"
                                + " allowed is less than flow.red.deliveries = 4096 (default)");
    }

    @ParameterizedTest
    @CsvSource({
        "http.port, -1",
        "http.port, 8080.0",
        "http.port, 99999999999999999999",
        "http.port, ''",
        "http.port, ١",
        "http.host, a b",
        "http.host, ''",
        "http.host, [::1",
        "home, ''",
        "tcp.socket, /0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/"
                + "0123456789/0123456789/0123456789",
        "session.max, 0",
        "session.max, 4097",
        "session.scrollbackLines, -1",
        "session.scrollbackLines, 1000001",
        "session.stateBytes, 1048575",
        "session.stateBytes, 1073741825",
        "session.inputQueueBytes, 0",
        "session.exitedRetentionSeconds, -1",
        "session.killGraceMs, 99",
        "session.killGraceMs, 60001",
        "session.exitGraceMs, 60001",
        "connection.max, 0",
        "connection.loginSeconds, 0",
        "connection.loginSeconds, 3601",
        "connection.maxSubscribers, 10001",
        "connection.maxUnflushedBytes, 1",
        "flow.yellow.deliveries, 0",
        "flow.yellow.bytes, 0",
        "flow.red.deliveries, 0",
        "flow.red.bytes, 0",
        "flow.yellow.intervalMs, 0",
        "flow.red.intervalMs, 0",
        "flow.autoDisconnect, TRUE",
        "flow.maxUnackedDeliveries, 0",
        "flow.maxUnackedBytes, 0",
        "flow.maxDeliveryBytes, 1023",
        "flow.maxDeliveryBytes, 1048577",
        "flow.backlogBytes, 0",
        "flow.stallSeconds, -1"
    })
    void aValueOutOfItsRangeIsNamedWithWhatIsAllowed(String key, String value) {
        assertThat(settings.problems(key + "=" + value))
                .singleElement()
                .asString()
                .startsWith(key + " = " + value + " (--set): allowed is ");
    }

    @ParameterizedTest
    @CsvSource({
        "flow.red.deliveries, 1024, flow.yellow.deliveries",
        "flow.red.bytes, 131072, flow.yellow.bytes",
        "flow.maxUnackedDeliveries, 4096, flow.red.deliveries",
        "flow.maxUnackedBytes, 524288, flow.red.bytes",
        "connection.maxUnflushedBytes, 4194304, flow.maxUnackedBytes"
    })
    void aLimitMustBeAboveTheOneBelowIt(String key, int value, String below) {
        assertThat(settings.problems(key + "=" + value))
                .singleElement()
                .asString()
                .startsWith(key + " = " + value + " (--set): allowed is more than " + below + " = ");
    }

    @Test
    void aRedThatIsNotStricterThanYellowIsAWarningOnly() throws ConfigException {
        assertThat(settings.load().warnings()).isEmpty();
        assertThat(settings.load("flow.yellow.intervalMs=100").warnings())
                .singleElement()
                .asString()
                .contains("flow.yellow.intervalMs = 100 (--set)", "flow.red.intervalMs = 100 (default)", "stricter");
    }

    @Test
    void aWrongValueIsFoundAlsoWhereAStrongerSourceOverridesIt() {
        settings.yaml("http.port: nine\n");

        assertThat(settings.problems("http.port=9")).hasSize(1);
    }

    @Test
    void aKeyGivenTwiceInTheFileIsNamedWithBothLines() {
        settings.yaml("http:\n  port: 1\nhttp.port: 1\n");

        assertThat(settings.problems())
                .containsExactly("http.port (conf/termbus.yaml, line 3):"
                        + " given twice, also at conf/termbus.yaml, line 2; allowed is once");
    }

    @Test
    void aKeyGivenInBothSpellingsOfTheEnvironmentIsAProblem() {
        settings.environment.put("TERMBUS_SESSION_KILLGRACEMS", "1000");
        settings.environment.put("TERMBUS_SESSION_KILL_GRACE_MS", "2000");

        assertThat(settings.problems()).singleElement().asString().contains("session.killGraceMs", "given twice");
    }

    @Test
    void aLogLevelThatTheLogDoesNotKnowIsAProblem() {
        settings.environment.put("TERMBUS_LOG_LEVEL", "LOUD");

        assertThat(settings.problems())
                .containsExactly("TERMBUS_LOG_LEVEL = LOUD (environment):"
                        + " allowed is TRACE, DEBUG, INFO, WARN, ERROR or OFF");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.port: [1]",
                "http.port: {a: 1}",
                "http: 5",
                "http.port: !mine 5",
                "- http.port",
                "just text",
                "? [a]\n: b",
                "http.port: 1\n---\nhttp.port: 2",
                "http: &a\n  port: *a",
                "a: &a {b: 1}\nc: *a",
                "a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: 1}}}}}}}}}}",
                "http.port: \u0007"
            })
    void aFileOfAnotherShapeIsRefused(String yaml) {
        settings.yaml(yaml);

        assertThat(settings.problems()).isNotEmpty().allMatch(problem -> problem.contains("conf/termbus.yaml"));
    }

    @Test
    void aSyntaxErrorIsNamedWithItsLine() {
        settings.yaml("http.port: 1\ntcp.host: \"unfinished\nx");

        assertThat(settings.problems())
                .singleElement()
                .asString()
                .startsWith("conf/termbus.yaml: is not YAML: ")
                .contains("at line 3");
    }

    @Test
    void aNamedFileMustExistAndBeReadable() {
        settings.write("big.yaml", "#".repeat(YamlSource.MAX_BYTES + 1));

        assertThat(settings.problemsOf("absent.yaml")).containsExactly("absent.yaml: no such file");
        assertThat(settings.problemsOf(".")).singleElement().asString().contains("directory");
        assertThat(settings.problemsOf("big.yaml")).singleElement().asString().contains("larger than 65536 bytes");
    }

    @Test
    void anUnrelatedFileDoesNotFloodTheList() {
        settings.yaml("x: 1\n".repeat(500));

        assertThat(settings.problems()).hasSize(101).last().asString().isEqualTo("and 400 more");
    }

    @Test
    void aValueIsShownOnOneLine() {
        assertThat(settings.problems("http.host=a\n\u001b[31mb"))
                .containsExactly("http.host = a??[31mb (--set): allowed is a host name or an IP address");
    }

    @ParameterizedTest
    @CsvSource({
        "flow.stall, flow.stallSeconds",
        "stall, flow.stallSeconds",
        "flow.stallSecond, flow.stallSeconds",
        "stallSeconds, flow.stallSeconds",
        "seconds.stall, flow.stallSeconds",
        "flow.backlog, flow.backlogBytes",
        "flow.yellow, flow.yellow.bytes",
        "yellow.deliveries, flow.yellow.deliveries",
        "flow.deliveries.yellow, flow.yellow.deliveries",
        "session.scrollback, session.scrollbackLines",
        "scrollback, session.scrollbackLines",
        "session.retention, session.exitedRetentionSeconds",
        "session.killGrace, session.killGraceMs",
        "killGrace, session.killGraceMs",
        "connections.max, connection.max",
        "maxSessions, session.max",
        "port, tcp.port",
        "httpPort, http.port",
        "http-port, http.port",
        "port.http, http.port",
        "http.prot, http.port",
        "http.port.number, http.port",
        "htpp.host, http.host",
        "tcp.sock, tcp.socket",
        "tokn, auth.token",
        "auth, auth.token",
        "HTTP.PUBLICURL, http.publicUrl",
        "publicUrl, http.publicUrl",
        "tls.cert, tls.certificate",
        "cluster.tls.cert, cluster.tls.certificate",
        "cluster.member, cluster.members",
        "proxy.address, proxy.addresses",
        "audit.path, audit.file",
        "hom, home"
    })
    void theNearestKnownKeyIsTheOneThatWasMeant(String written, String meant) {
        assertThat(settings.problems(written + "=1"))
                .singleElement()
                .asString()
                .endsWith("unknown key, the nearest known is " + meant);
    }

    @ParameterizedTest
    @CsvSource({
        "TERMBUS_FLOW_STALL, flow.stallSeconds",
        "TERMBUS_STALL_SECONDS, flow.stallSeconds",
        "TERMBUS_SESSION_SCROLL_BACK_LINES, session.scrollbackLines",
        "TERMBUS_PORT, tcp.port",
        "TERMBUS_HTTPPORT, http.port",
        "TERMBUS_TOKEN, auth.token",
        "TERMBUS_LOGLEVEL, TERMBUS_LOG_LEVEL",
        "TERMBUS_LOG, TERMBUS_LOG_LEVEL",
        "TERMBUS_LEVEL, TERMBUS_LOG_LEVEL"
    })
    void theNearestKnownVariableIsTheOneThatWasMeant(String written, String meant) {
        settings.environment.put(written, "1");

        assertThat(settings.problems())
                .singleElement()
                .asString()
                .endsWith("unknown key, the nearest known is " + meant);
    }
}
