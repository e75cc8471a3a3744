package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.config.TestConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HostNamesTest {
    private final HostNames names = new HostNames(TestConfig.of(
                    "http.host=hub.lan",
                    "tls.allowPlaintext=true",
                    "http.publicUrl=https://Terminals.example:8443/below",
                    "http.origins=https://page.example",
                    "http.hosts=other.lan, *.wild.example")
            .http());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hub.lan",
                "HUB.lan:1",
                "hub.lan.",
                "localhost",
                "localhost:8080",
                "a.localhost",
                "127.0.0.1",
                "127.0.0.1:8080",
                "192.168.1.7:80",
                "[::1]",
                "[2001:db8::1]:8080",
                "[::ffff:1.2.3.4]",
                "terminals.example",
                "terminals.example:443",
                "other.lan:9",
                "a.wild.example",
                "a.b.wild.example:1"
            })
    void addressesAndNamesOfTheHubAreItsOwnWhateverThePort(String host) {
        assertThat(names.allows(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "hub.lan.evil.example",
                "evilhub.lan",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.1.",
                "127.1",
                "0x7f.1",
                "2130706433",
                "page.example",
                "wild.example",
                ".wild.example",
                "evilwild.example",
                "a",
                "",
                " ",
                "hub.lan, evil.example",
                "evil.example@hub.lan",
                "hub.lan@evil.example",
                "hub.lan:80:80",
                "hub.lan:x",
                "hub.lan/",
                "[::1",
                "::1",
                "[::1]evil.example",
                "[hub.lan]",
                "h\u00fcb.lan",
                "*.wild.example"
            })
    void othersAreNot(String host) {
        assertThat(names.allows(host)).isEqualTo(host.equals("127.0.0.1."));
    }

    @Test
    void whereNothingIsSetAddressesAndLocalhostAreLeft() {
        HostNames bare = new HostNames(TestConfig.of().http());
        assertThat(bare.allows("127.0.0.1:8080")).isTrue();
        assertThat(bare.allows("localhost:8080")).isTrue();
        assertThat(bare.allows("hub.lan")).isFalse();
    }
}
