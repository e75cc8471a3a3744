package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.bridge.web.HttpPlaces.Doing;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HttpPlacesTest {
    private static final String EVE = "203.0.113.7";
    private static final String ANN = "198.51.100.1";

    private final HttpPlaces<String> places = new HttpPlaces<>(3, "127.0.0.1"::equals);

    private Optional<String> inTheWay(String address, boolean full) {
        return places.inTheWay("new", address, () -> full);
    }

    @Test
    void whereThereIsRoomNobodyIsInTheWay() {
        places.enter("a", ANN);
        assertThat(inTheWay(ANN, false)).isEmpty();
    }

    @Test
    void anAddressTakesRoomFromItselfOnceItHasAllItMay() {
        places.enter("ann", ANN);
        places.enter("first", EVE);
        places.enter("second", EVE);
        places.enter("third", EVE);
        places.does("first", Doing.BUSY);
        places.does("first", Doing.WAITING);

        assertThat(inTheWay(EVE, false)).contains("second");
        assertThat(inTheWay("2001:db8::1", false)).isEmpty();
        places.leave("second");
        assertThat(inTheWay(EVE, false)).isEmpty();
    }

    @Test
    void theAddressesOfAnIpv6NetworkAreOne() {
        for (int i = 1; i <= 3; i++) {
            places.enter("c" + i, "2001:db8:0:1::" + i);
        }
        assertThat(inTheWay("2001:db8:0:1::9", false)).contains("c1");
        assertThat(inTheWay("2001:db8:0:2::9", false)).isEmpty();
    }

    @Test
    void whereItIsFullTheAddressWithTheMostMakesRoomTheIdleFirst() {
        places.enter("ann", ANN);
        places.enter("busy", EVE);
        places.enter("idle", EVE);
        places.does("busy", Doing.BUSY);

        assertThat(inTheWay(ANN, true)).contains("idle");
        places.leave("idle");
        places.enter("polls", EVE);
        places.does("polls", Doing.POLLING);
        assertThat(inTheWay(ANN, true)).contains("busy");
    }

    @Test
    void aPollMakesNoRoom() {
        places.enter("polls", EVE);
        places.does("polls", Doing.POLLING);
        assertThat(inTheWay(ANN, true)).contains("new");

        places.enter("ann", ANN);
        assertThat(inTheWay(ANN, true)).contains("ann");
    }

    @Test
    void thisMachineAndProxiesMayHaveAsManyAsThereAre() {
        for (int i = 0; i < 10; i++) {
            places.enter("c" + i, "127.0.0.1");
        }
        assertThat(inTheWay("127.0.0.1", false)).isEmpty();
        assertThat(inTheWay("127.0.0.1", true)).contains("c0");
    }

    @Test
    void whoLeavesIsForgotten() {
        places.enter("a", EVE);
        assertThat(places.leave("a")).isTrue();
        assertThat(places.leave("a")).isFalse();
        places.does("a", Doing.BUSY);
        assertThat(places.has("a")).isFalse();
    }
}
