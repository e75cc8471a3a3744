package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AddressLimitsTest {
    private static final String STRANGER = "203.0.113.7";

    private final AtomicLong clock = new AtomicLong();
    private final AddressLimits limits = new AddressLimits(2, 3, clock::get);

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private static void refused(ThrowingCallable action, String limit) {
        assertThatThrownBy(action).hasMessageContaining("(" + limit + ")");
    }

    @Test
    void whoLogsInWithEachRequestIsNewAgainAfterAnHour() {
        assertThat(limits.isNew("admin@192.0.2.1")).isTrue();
        assertThat(limits.isNew("admin@192.0.2.2")).isTrue();
        pass(AddressLimits.SEEN.minusSeconds(1));
        assertThat(limits.isNew("admin@192.0.2.1")).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(limits.isNew("admin@192.0.2.1")).isTrue();
        assertThat(limits.isNew("admin@192.0.2.1")).isFalse();
    }

    @Test
    void anAddressHasSoManyConnectionsAndOthersHaveTheirOwn() {
        limits.enter(STRANGER);
        limits.enter(STRANGER);

        refused(() -> limits.enter(STRANGER), "connection.maxPerAddress");
        assertThatCode(() -> limits.enter("203.0.113.8")).doesNotThrowAnyException();
        limits.leave(STRANGER);
        assertThatCode(() -> limits.enter(STRANGER)).doesNotThrowAnyException();
    }

    @Test
    void loopbackAndUnixSocketsHaveNoLimitOfConnections() {
        for (int i = 0; i < 10; i++) {
            limits.enter("127.0.0.1");
            limits.enter("0:0:0:0:0:0:0:1");
            limits.enter("");
        }
    }

    @Test
    void wrongTokensMakeAnAddressWaitTwiceAsLongEachTime() {
        for (int i = 0; i < 2; i++) {
            limits.failed(STRANGER);
            limits.checkMayTry(STRANGER);
        }
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            limits.failed(STRANGER);
            pass(Duration.ofSeconds(seconds).minusMillis(1));
            refused(() -> limits.checkMayTry(STRANGER), "auth.maxFailures");
            pass(Duration.ofMillis(1));
            limits.checkMayTry(STRANGER);
        }
        limits.checkMayTry("203.0.113.8");
    }

    @Test
    void aRightTokenOrTimeMakesWrongOnesForgotten() {
        limits.failed(STRANGER);
        limits.failed(STRANGER);
        limits.succeeded(STRANGER);
        limits.failed(STRANGER);
        limits.failed(STRANGER);
        limits.checkMayTry(STRANGER);

        pass(AddressLimits.MEMORY);
        limits.failed(STRANGER);
        limits.checkMayTry(STRANGER);
    }

    @Test
    void theCookieOfAShareThatHasEndedMakesNobodyWait() {
        for (int i = 0; i < 20; i++) {
            limits.failed(STRANGER, "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ4In0." + "s".repeat(43));
        }
        limits.checkMayTry(STRANGER);
        for (int i = 0; i < 3; i++) {
            limits.failed(STRANGER, "a.guess." + i);
        }
        refused(() -> limits.checkMayTry(STRANGER), "auth.maxFailures");
    }

    @Test
    void wrongSignedTokensOfAnAddressAreLoggedOnceASecond() {
        String signed = "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ4In0." + "s".repeat(43);
        assertThat(limits.mayLog(STRANGER, signed)).isTrue();
        assertThat(limits.mayLog(STRANGER, signed)).isFalse();
        assertThat(limits.mayLog("10.0.0.1", signed)).isTrue();
        assertThat(limits.mayLog(STRANGER, "a.guess")).isTrue();

        pass(Duration.ofSeconds(1));

        assertThat(limits.mayLog(STRANGER, signed)).isTrue();
    }

    @Test
    void theAddressesOfAnIpv6NetworkAreOne() {
        limits.enter("2001:db8:1:2::1");
        limits.enter("2001:db8:1:2:ffff:ffff:ffff:ffff");
        refused(() -> limits.enter("2001:0db8:0001:0002:0:0:0:3"), "connection.maxPerAddress");
        limits.enter("2001:db8:1:3::1");
        limits.leave("2001:db8:1:2::9");
        limits.enter("2001:db8:1:2::3");
        for (int i = 0; i < 3; i++) {
            limits.failed("2001:db8:1:2::" + i);
        }
        refused(() -> limits.checkMayTry("2001:db8:1:2::7"), "auth.maxFailures");
        limits.checkMayTry("2001:db8:1:3::7");
    }

    @Test
    void anIpv4AddressIsItselfHoweverItIsWritten() {
        assertThat(AddressLimits.network("203.0.113.7")).isEqualTo("203.0.113.7");
        assertThat(AddressLimits.network("::ffff:203.0.113.7")).isEqualTo("203.0.113.7");
        assertThat(AddressLimits.network("fe80::1%eth0")).isEqualTo(AddressLimits.network("fe80::2"));
        assertThat(AddressLimits.network("0:0:0:0:0:0:0:1")).isEqualTo("0:0:0:0:0:0:0:1");
        assertThat(AddressLimits.network("not:an:address")).isEqualTo("not:an:address");
        assertThat(AddressLimits.network("")).isEmpty();
    }

    @Test
    void onlySoManyAddressesAreRemembered() {
        for (int i = 0; i < 3; i++) {
            limits.failed(STRANGER);
        }
        for (int i = 0; i < AddressLimits.MAX_REMEMBERED; i++) {
            limits.failed("10.0." + i / 256 + "." + i % 256);
        }

        limits.checkMayTry(STRANGER);
    }
}
