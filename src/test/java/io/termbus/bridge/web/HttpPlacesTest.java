package io.termbus.bridge.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.bridge.ConnectionSlots;
import io.termbus.bridge.web.HttpPlaces.Doing;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HttpPlacesTest {
    private static final String EVE = "203.0.113.7";
    private static final String ANN = "198.51.100.1";
    private static final int MANY = 1000;
    private static final String NEW = "new";

    private ConnectionSlots slots = new ConnectionSlots(MANY);
    private HttpPlaces<String> places = places();

    private HttpPlaces<String> places() {
        return new HttpPlaces<>(slots, 3, "127.0.0.1"::equals);
    }

    private void onlySoMany(int max) {
        slots = new ConnectionSlots(max);
        places = places();
    }

    /** Who goes for a new connection of that address, which then goes too. */
    private List<String> goneFor(String address) {
        List<String> gone = places.enter(NEW, address);
        assertThat(places.has(NEW)).isTrue();
        places.leave(NEW);
        return gone;
    }

    @Test
    void whereThereIsRoomNobodyIsInTheWay() {
        places.enter("a", ANN);
        assertThat(goneFor(ANN)).isEmpty();
        assertThat(slots.taken()).isEqualTo(1);
    }

    @Test
    void anAddressTakesRoomFromItselfOnceItHasAllItMay() {
        places.enter("ann", ANN);
        places.enter("first", EVE);
        places.enter("second", EVE);
        places.enter("third", EVE);
        places.does("first", Doing.BUSY);
        places.does("first", Doing.WAITING);

        assertThat(goneFor("2001:db8::1")).isEmpty();
        assertThat(goneFor(EVE)).containsExactly("second");
        assertThat(goneFor(EVE)).isEmpty();
        assertThat(slots.taken()).isEqualTo(3);
    }

    @Test
    void theAddressesOfAnIpv6NetworkAreOne() {
        for (int i = 1; i <= 3; i++) {
            places.enter("c" + i, "2001:db8:0:1::" + i);
        }
        assertThat(goneFor("2001:db8:0:2::9")).isEmpty();
        assertThat(goneFor("2001:db8:0:1::9")).containsExactly("c1");
    }

    @Test
    void whereItIsFullTheAddressWithTheMostMakesRoomTheIdleFirst() {
        onlySoMany(3);
        places.enter("ann", ANN);
        places.enter("busy", EVE);
        places.enter("idle", EVE);
        places.does("busy", Doing.BUSY);

        assertThat(goneFor(ANN)).containsExactly("idle");
        places.enter("polls", EVE);
        places.does("polls", Doing.POLLING);
        assertThat(goneFor(ANN)).containsExactly("busy");
    }

    @Test
    void aPollMakesNoRoom() {
        onlySoMany(1);
        places.enter("polls", EVE);
        places.does("polls", Doing.POLLING);

        assertThat(places.enter(NEW, ANN)).isEmpty();

        assertThat(places.has(NEW)).isFalse();
        assertThat(places.has("polls")).isTrue();
        assertThat(slots.taken()).isEqualTo(1);
        places.leave(NEW);
        assertThat(slots.taken()).isEqualTo(1);
    }

    @Test
    void thisMachineAndProxiesMayHaveAsManyAsThereAre() {
        onlySoMany(10);
        for (int i = 0; i < 10; i++) {
            assertThat(places.enter("c" + i, "127.0.0.1")).isEmpty();
        }
        assertThat(goneFor("127.0.0.1")).containsExactly("c0");
    }

    @Test
    void whoLeavesIsForgotten() {
        places.enter("a", EVE);
        places.leave("a");
        places.leave("a");
        places.does("a", Doing.BUSY);
        assertThat(places.has("a")).isFalse();
        assertThat(slots.taken()).isZero();
    }

    @Test
    void manyLoopsAtOnceNeverHaveMoreThanThereMayBeAndLoseNone() throws Exception {
        int loops = 4;
        onlySoMany(5);
        ExecutorService threads = Executors.newFixedThreadPool(loops);
        CyclicBarrier together = new CyclicBarrier(loops);
        try {
            List<Future<Integer>> ends = IntStream.range(0, loops)
                    .mapToObj(loop -> threads.submit(() -> {
                        together.await();
                        return comeAndGo(loop);
                    }))
                    .toList();
            for (Future<Integer> each : ends) {
                assertThat(each.get()).isLessThanOrEqualTo(5);
            }
        } finally {
            threads.shutdown();
        }
        assertThat(slots.taken()).isZero();
    }

    /** The most that there were. */
    private int comeAndGo(int loop) {
        int most = 0;
        for (int i = 0; i < 5000; i++) {
            String connection = loop + " " + i;
            places.enter(connection, i % 3 == 0 ? EVE : "127.0.0.1");
            places.does(connection, i % 2 == 0 ? Doing.BUSY : Doing.POLLING);
            most = Math.max(most, slots.taken());
            places.leave(connection);
        }
        return most;
    }
}
