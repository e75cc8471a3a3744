package io.termbus.flow.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.flow.output.DisconnectReason;
import io.termbus.flow.output.FakeOutlet;
import io.termbus.flow.output.FlowFixture;
import io.termbus.flow.output.SessionFlow;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.Check;
import io.termbus.protocol.LinkMessage.FromEdge;
import io.termbus.protocol.LinkMessage.Open;
import io.termbus.protocol.LinkMessage.Position;
import io.termbus.protocol.LinkMessage.Update;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links of one edge to many sessions of other nodes: what their owners are asked. */
@Timeout(30)
class EdgeChecksTest {
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    /** At most: an answer comes at once here. */
    private static final int A_MINUTES_QUESTIONS = 30;

    private final FakeOutlet outlet = new FakeOutlet();
    private final Owners owners = new Owners();
    private final EdgeLinks edges =
            new EdgeLinks("edge", "address of the edge", outlet, owners, this::link, link -> {});

    private EdgeLink link(String session) {
        return new EdgeLink(
                session,
                edges,
                outlet,
                owners,
                edges::grace,
                link -> new SessionFlow(session, new FlowFixture.Limits().build(), outlet));
    }

    private EdgeLink open(String session) {
        EdgeLink link = edges.link(session);
        Future<Void> joined = link.join(
                false, flow -> FlowFixture.attach(flow, session, "of " + session, false, OptionalLong.empty()));
        assertThat(joined.succeeded()).isTrue();
        return link;
    }

    @Test
    void oneQuestionAsksForAllLinksToOneOwner() {
        List<EdgeLink> links =
                IntStream.range(0, 50).mapToObj(i -> open("a/" + i)).toList();
        open("b/1");

        outlet.pass(A_MINUTE);

        assertThat(owners.asked("a")).hasSize(A_MINUTES_QUESTIONS).allMatch(each -> each.size() == 50);
        assertThat(owners.asked("b")).hasSize(A_MINUTES_QUESTIONS).allMatch(each -> each.size() == 1);
        assertThat(links).allMatch(each -> each.state() == EdgeLink.State.OPEN);
    }

    @Test
    void moreLinksThanOneMessageMayHoldAreAskedForBySeveral() {
        IntStream.range(0, EdgeChecks.MAX_LINKS + 1).forEach(i -> open("a/" + i));

        outlet.pass(Duration.ofNanos(EdgeChecks.EVERY_NANOS));

        assertThat(owners.asked("a")).extracting(List::size).containsExactly(EdgeChecks.MAX_LINKS, 1);
    }

    @Test
    void aLinkThatItsOwnerDoesNotKnowIsLostAndTheOthersAreNot() {
        EdgeLink known = open("a/1");
        EdgeLink forgotten = open("a/2");
        String before = forgotten.id();
        String kept = known.id();
        owners.unknown.add(before);

        outlet.pass(Duration.ofNanos(EdgeChecks.EVERY_NANOS));

        assertThat(forgotten.id()).as("opened anew").isNotEqualTo(before);
        assertThat(forgotten.state()).isEqualTo(EdgeLink.State.OPEN);
        assertThat(known.id()).isEqualTo(kept);
    }

    @Test
    void anOwnerThatDoesNotAnswerLosesAllItsLinksAndTheOtherOwnerNone() {
        EdgeLink lost = open("a/1");
        EdgeLink alsoLost = open("a/2");
        EdgeLink other = open("b/1");
        owners.silent.add("a");

        outlet.pass(Duration.ofNanos(EdgeChecks.EVERY_NANOS));

        assertThat(List.of(lost, alsoLost)).allMatch(each -> each.state() == EdgeLink.State.LOST);
        assertThat(other.state()).isEqualTo(EdgeLink.State.OPEN);
    }

    @Test
    void nobodyIsAskedWhenNoLinkIsLeftAndAgainWhenThereIsOne() {
        EdgeLink only = open("a/1");
        only.flow().subscribers().disconnectAll(DisconnectReason.REMOVED);
        only.counted();
        assertThat(only.state()).isEqualTo(EdgeLink.State.CLOSED);

        outlet.pass(A_MINUTE);
        assertThat(owners.asked("a")).isEmpty();

        open("a/2");
        outlet.pass(A_MINUTE);
        assertThat(owners.asked("a")).hasSize(A_MINUTES_QUESTIONS);
    }

    @Test
    void aQuestionThatFailsOfItselfIsNotTheLastOne() {
        open("a/1");
        owners.broken = true;
        assertThatThrownBy(() -> outlet.pass(Duration.ofNanos(EdgeChecks.EVERY_NANOS)))
                .hasMessage("on purpose");
        owners.broken = false;

        outlet.pass(A_MINUTE);

        assertThat(owners.asked("a")).hasSize(A_MINUTES_QUESTIONS);
    }

    /** Owners by the name before the slash of a session. */
    private static final class Owners implements LinkBus {
        private final List<List<Check>> all = new ArrayList<>();
        private final List<String> addresses = new ArrayList<>();
        final Set<String> unknown = new HashSet<>();
        final Set<String> silent = new HashSet<>();
        boolean broken;

        List<List<Check>> asked(String owner) {
            return IntStream.range(0, all.size())
                    .filter(i -> addresses.get(i).equals(owner))
                    .mapToObj(all::get)
                    .toList();
        }

        private <T> Future<T> answer(String owner, T answer) {
            return silent.contains(owner)
                    ? Future.failedFuture(new ReplyException(ReplyFailure.TIMEOUT))
                    : Future.succeededFuture(answer);
        }

        @Override
        public Future<JsonObject> info(String session) {
            return Future.succeededFuture(new JsonObject().put("node", session.substring(0, 1)));
        }

        @Override
        public Future<Position> open(String node, Open open) {
            return answer(node, new Position(open.link(), node, 0, 0));
        }

        @Override
        public Future<Position> reopen(String node, Open open) {
            return open(node, open);
        }

        @Override
        public Future<Position> update(String address, Update update) {
            return answer(address, new Position(update.link(), address, 0, 0));
        }

        @Override
        public Future<List<Position>> check(String address, List<Check> checks) {
            if (broken) {
                throw new IllegalStateException("on purpose");
            }
            all.add(checks);
            addresses.add(address);
            List<Position> known = checks.stream()
                    .filter(each -> !unknown.contains(each.link()))
                    .map(each -> new Position(each.link(), address, 0, 0))
                    .toList();
            return answer(address, known);
        }

        @Override
        public Future<LinkMessage.State> state(String address, LinkMessage.StateWanted wanted) {
            return Future.failedFuture("nobody asks for it here");
        }

        @Override
        public void tell(String address, FromEdge message) {}
    }
}
