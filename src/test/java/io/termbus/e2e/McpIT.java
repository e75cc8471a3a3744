package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.e2e.CommandLineProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents, with the clients and the suite of those who make the protocol. */
@Timeout(180)
class McpIT {
    private static final int LIMIT_SECONDS = 60;

    @TempDir
    static Path directory;

    private static HubProcess hub;

    @BeforeAll
    static void start() throws Exception {
        hub = HubProcess.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
    }

    private static String node(String script, String... arguments) throws Exception {
        return NodeScript.run(directory.resolve(script + ".log"), LIMIT_SECONDS, "e2e/" + script, arguments);
    }

    private static String url() {
        return "http://127.0.0.1:" + hub.httpPort() + "/mcp";
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcp-handshake.mjs", "mcp-stateless.mjs"})
    void itsClientsWorkOverHttp(String script) throws Exception {
        assertThat(node(script, "http", url(), hub.token())).isEqualTo("ok\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcp-handshake.mjs", "mcp-stateless.mjs"})
    void itsClientsWorkOverStandardStreams(String script) throws Exception {
        Path token = Files.writeString(directory.resolve("token-of-agent"), hub.token());
        List<String> arguments = new ArrayList<>(List.of("stdio"));
        arguments.addAll(CommandLineProcess.words(
                "mcp", "--port", Integer.toString(hub.tcpPort()), "--token-file", token.toString()));

        assertThat(node(script, arguments.toArray(String[]::new))).isEqualTo("ok\n");
    }

    @Test
    void itsSuiteFindsNoFault() throws Exception {
        node(
                "mcp-conformance.mjs",
                url(),
                hub.token(),
                "server-initialize",
                "ping",
                "tools-list",
                "dns-rebinding-protection");
    }

    private static List<String> answers(Map<String, String> environment, String... lines) throws Exception {
        Path input = Files.writeString(directory.resolve("lines"), String.join("\n", lines));
        try (CommandLineProcess mcp = CommandLineProcess.start(directory, environment, input, "mcp")) {
            Result result = mcp.end();
            assertThat(result.err()).isEmpty();
            assertThat(result.status()).isZero();
            return result.out().lines().toList();
        }
    }

    @Test
    void aPipeAnswersLineByLineAndEndsWithItsInput() throws Exception {
        List<String> answers = answers(
                CommandLineProcess.environment(hub),
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
                "",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                "no JSON",
                "[]",
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"list\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"wait\",\"arguments\":"
                        + "{\"session\":\"none\",\"any\":[{\"exit\":true}]}}}");

        assertThat(answers.get(0)).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
        assertThat(answers.get(1)).contains("-32700");
        assertThat(answers.get(2)).contains("-32600");
        assertThat(answers.subList(3, answers.size())) // what lasts goes over another connection, and may be faster
                .anySatisfy(list -> assertThat(list).contains("\"id\":2").contains("sessions"));
    }

    @Test
    void withoutAHubOrATokenItSaysWhatHelps() throws Exception {
        Map<String, String> wrong =
                Map.of("TERMBUS_TCP_PORT", Integer.toString(hub.tcpPort()), "TERMBUS_AUTH_TOKEN", "wrong");

        Result refused = CommandLineProcess.run(directory, wrong, "mcp");
        Result alone = CommandLineProcess.run(directory, hub, "mcp", "--port", "1");

        for (Result result : Arrays.asList(refused, alone)) {
            assertThat(result.err()).startsWith("termbus: ").hasLineCount(1);
            assertThat(result.out()).isEmpty();
        }
        assertThat(refused.status()).isEqualTo(77);
        assertThat(alone.status()).isEqualTo(69);
    }
}
