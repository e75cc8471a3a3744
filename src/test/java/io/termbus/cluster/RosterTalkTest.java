package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nodes say to each other about who is there; each hears the others at once. */
@Timeout(20)
class RosterTalkTest {
    private static final int TICKS_OF_A_MINUTE = 120;

    private final Map<String, Roster> rosters = new HashMap<>();
    private final Map<String, RosterTalk> talks = new HashMap<>();
    private final List<JsonObject> said = new ArrayList<>();
    private long now = 1_000_000_000_000L;

    private static Peer peer(String name) {
        return new Peer("node-" + name, "10.0.0.1", 5702, "print");
    }

    private Roster node(String name, List<Peer> listed) {
        Roster roster = new Roster(peer(name), () -> now, new Random(1), new Roster.Listener() {
            @Override
            public void joined(Peer peer) {}

            @Override
            public void left(Peer peer) {}

            @Override
            public void stranger(Peer peer, boolean there) {}
        });
        roster.listed(listed);
        rosters.put("node-" + name, roster);
        talks.put("node-" + name, new RosterTalk(roster, new Random(2), new RosterTalk.Wire() {
            @Override
            public void tell(Peer peer, JsonObject message) {
                said.add(message);
                talks.get(peer.name()).heard(message);
            }

            @Override
            public void knock(Peer peer) {
                talks.get("node-" + name).open(peer);
            }
        }));
        return roster;
    }

    private void passAMinute() {
        for (int tick = 0; tick < TICKS_OF_A_MINUTE; tick++) {
            now += RosterVerticle.TICK_MILLIS * 1_000_000L;
            talks.values().forEach(RosterTalk::tick);
        }
    }

    @Test
    void nodesThatKnowTheSameSayAPrintNowAndThenHoweverManyTheyAre() {
        List<Peer> all = IntStream.range(0, 50).mapToObj(i -> peer("n" + i)).toList();
        for (int i = 0; i < 50; i++) {
            node("n" + i, all);
        }

        passAMinute();

        assertThat(said)
                .hasSize(50 * 12)
                .allMatch(each -> each.getString("kind").equals("compare"));
        assertThat(said).noneMatch(each -> each.containsKey("known"));
    }

    @Test
    void whoKnowsLessIsToldTheOthers() {
        List<Peer> all = List.of(peer("a"), peer("b"), peer("c"));
        node("a", all);
        node("b", all);
        Roster lacking = node("c", List.of(peer("c"), peer("a")));

        passAMinute();

        assertThat(lacking.names()).containsExactlyInAnyOrder("node-a", "node-b", "node-c");
        assertThat(said).anyMatch(each -> each.containsKey("known"));
    }

    @Test
    void aMemberThatIsNotListedStaysByAnsweringAndItsAnswersNameNobodyWhoIsKnown() {
        List<Peer> all = List.of(peer("a"), peer("b"));
        Roster asking = node("a", all);
        node("b", all);
        asking.listed(List.of(peer("a")));

        passAMinute();

        assertThat(asking.names()).containsExactly("node-a", "node-b");
        assertThat(said).anyMatch(each -> each.getString("kind").equals("answer"));
        assertThat(said).noneMatch(each -> each.containsKey("known"));
    }
}
