package io.termbus.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs learn from the hub's environment. */
class ChildEnvironmentTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "TERMBUS_AUTH_TOKEN",
                "TERMBUS_HOME",
                "TERMBUS_LOG_LEVEL",
                "NOTIFY_SOCKET",
                "LISTEN_FDS",
                "LISTEN_PID",
                "WATCHDOG_USEC",
                "CREDENTIALS_DIRECTORY",
                "COLUMNS",
                "LINES"
            })
    void whatIsTheHubsAloneIsNotPassedOn(String name) {
        assertThat(ChildEnvironment.of(Map.of(name, "secret", "HOME", "/home/me"), Map.of()))
                .doesNotContainKey(name)
                .doesNotContainValue("secret")
                .containsEntry("HOME", "/home/me");
    }

    @Test
    void theTerminalAndALocaleAreThereUnlessTheHubHasOne() {
        assertThat(ChildEnvironment.of(Map.of("TERM", "dumb"), Map.of()))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("TERM", "xterm-256color", "COLORTERM", "truecolor", "LANG", "C.UTF-8"));
        assertThat(ChildEnvironment.of(Map.of("LANG", "de_DE.UTF-8"), Map.of())).containsEntry("LANG", "de_DE.UTF-8");
        assertThat(ChildEnvironment.of(Map.of("LC_ALL", "de_DE.UTF-8"), Map.of()))
                .doesNotContainKey("LANG");
    }

    @Test
    void whatTheClientAsksForWins() {
        assertThat(ChildEnvironment.of(Map.of("A", "hub"), Map.of("A", "client", "TERM", "vt100")))
                .containsEntry("A", "client")
                .containsEntry("TERM", "vt100");
    }
}
