package io.termbus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.2, false",
        "10.1.0.0/16, 10.1.255.255, true",
        "10.1.0.0/16, 10.2.0.0, false",
        "10.1.2.3/16, 10.1.9.9, true",
        "172.16.0.0/12, 172.31.255.255, true",
        "172.16.0.0/12, 172.32.0.0, false",
        "192.168.0.128/25, 192.168.0.127, false",
        "192.168.0.128/25, 192.168.0.200, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "10.0.0.1/32, 10.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.9.9.9, true",
        "::ffff:10.0.0.1, 10.0.0.1, true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "fd00::/8, fdab:1::1, true",
        "fd00::/8, fe00::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 10.0.0.1, false",
        "10.0.0.1, proxy.example.org, false",
        "10.0.0.1, '', false",
    })
    void addressesAreInOrNot(String network, String address, boolean expected) {
        assertThat(new Networks(List.of("192.0.2.1", network)).contains(address))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0",
                "10.0.0.256",
                "10.0.0.1/33",
                "10.0.0.1/",
                "10.0.0.1/-1",
                "10.0.0.1/8/8",
                "::1/129",
                ":::",
                "/8",
                "10.0.0.0/8x",
                "10.0.0.0/ 8",
                "*"
            })
    void othersAreNone(String text) {
        assertThat(Networks.isNetwork(text)).isFalse();
    }
}
