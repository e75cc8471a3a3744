package io.termbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AdmissionTest {
    private final ConnectionSlots slots = new ConnectionSlots(4);
    private final Admission admission = new Admission(slots, new AddressLimits(2, 10));
    private final List<String> madeRoom = new ArrayList<>();

    private Admission.Place enter(String address, String name) {
        return admission.enter(address, () -> madeRoom.add(name));
    }

    private Admission.Place newcomer(String address, String name) {
        Admission.Place place = enter(address, name);
        place.waitsForLogin();
        return place;
    }

    @Test
    void whereItIsFullTheOldestOfTheAddressWithTheMostMakesRoom() {
        newcomer("10.0.0.1", "other");
        newcomer("127.0.0.1", "first");
        newcomer("127.0.0.1", "second");
        newcomer("127.0.0.1", "third");

        newcomer("10.0.0.2", "new");
        newcomer("10.0.0.3", "newer");

        assertThat(madeRoom).containsExactly("first", "second");
        assertThat(slots.taken()).isEqualTo(4);
    }

    @Test
    void whoHasLoggedInMakesNoRoom() {
        newcomer("127.0.0.1", "first").loggedIn();
        enter("127.0.0.1", "second");
        newcomer("127.0.0.1", "third");
        enter("127.0.0.1", "fourth");
        enter("127.0.0.1", "fifth");

        assertThat(madeRoom).containsExactly("third");
        assertThatThrownBy(() -> enter("127.0.0.1", "sixth")).hasMessageContaining("(connection.max)");
        assertThat(slots.taken()).isEqualTo(4);
    }

    @Test
    void anAddressThatHasAllItMayTakesRoomFromItselfOnly() {
        newcomer("10.0.0.2", "other");
        newcomer("10.0.0.1", "first");
        enter("10.0.0.1", "second");
        enter("10.0.0.1", "third");

        assertThat(madeRoom).containsExactly("first");
        assertThatThrownBy(() -> enter("10.0.0.1", "fourth")).hasMessageContaining("(connection.maxPerAddress)");
        assertThat(slots.taken()).isEqualTo(3);
    }

    @Test
    void aPlaceIsGivenBackOnce() {
        Admission.Place first = newcomer("127.0.0.1", "first");
        for (int i = 0; i < 4; i++) {
            newcomer("127.0.0.1", "x");
        }
        first.leave();
        first.loggedIn();
        first.waitsForLogin();
        assertThat(slots.taken()).isEqualTo(4);
        newcomer("127.0.0.1", "y");
        assertThat(madeRoom).containsExactly("first", "x");
    }
}
