package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.Ids;
import io.vertx.core.Completable;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which node Vert.x is told an address is at. */
@Timeout(30)
class DirectoryTest {
    private static final String OURS = "print of our token";
    private static final Peer FRIEND = new Peer("node-friend12", "10.0.0.2", 2, OURS);
    private static final Peer STRANGER = new Peer("node-stranger", "10.0.0.3", 3, "print of another");

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<RegistrationUpdateEvent> updates = new LinkedBlockingQueue<>();
    private final FakeMembership membership = new FakeMembership(FRIEND, STRANGER);
    private final Directory directory = new Directory("node-self1234", OURS, bus -> membership);

    @BeforeEach
    void start() throws Exception {
        directory.init(vertx);
        directory.registrationListener(new RegistrationListener() {
            @Override
            public void registrationsUpdated(RegistrationUpdateEvent event) {
                updates.add(event);
            }
        });
        this.<Void>await(directory::join);
        this.<Void>await(promise -> directory.setNodeInfo(new NodeInfo("10.0.0.1", 1, null), promise));
    }

    @AfterEach
    void stop() throws Exception {
        this.<Void>await(directory::leave);
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private <T> T await(Consumer<Completable<T>> question) throws Exception {
        Promise<T> promise = Promise.promise();
        question.accept(promise);
        return promise.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private List<String> whereIs(String address) throws Exception {
        return this.<List<RegistrationInfo>>await(promise -> directory.getRegistrations(address, promise)).stream()
                .map(RegistrationInfo::nodeId)
                .toList();
    }

    private ReplyException refusal(String address) {
        return (ReplyException) catchThrowableOfType(ExecutionException.class, () -> whereIs(address))
                .getCause();
    }

    @Test
    void addressesSayThemselvesWhereTheyAre() throws Exception {
        assertThat(whereIs(Addresses.session(Ids.ofSession("node-friend12", 0))))
                .containsExactly("node-friend12");
        assertThat(whereIs(Addresses.nodeHub("node-friend12"))).containsExactly("node-friend12");
        assertThat(whereIs(Addresses.nodeFlow("node-friend12", 3))).containsExactly("node-friend12");
        assertThat(whereIs(Addresses.nodePing("friend12"))).containsExactly("node-friend12");
        NodeInfo info = this.<NodeInfo>await(promise -> directory.getNodeInfo("node-friend12", promise));
        assertThat(info.host() + ":" + info.port()).isEqualTo("10.0.0.2:2");
    }

    @Test
    void whatNamesThisNodeOrNoneIsLookedForHere() throws Exception {
        assertThat(whereIs(Addresses.session(Ids.ofSession("node-self1234", 0))))
                .isEmpty();
        assertThat(whereIs(Addresses.session("short"))).isEmpty();
        assertThat(whereIs(Addresses.HUB)).isEmpty();
        assertThat(whereIs(Addresses.session(Ids.ofSession("node-unknown1", 0))))
                .isEmpty();
    }

    @Test
    void whatConcernsAStrangerIsRefusedByName() {
        for (String address :
                List.of(Addresses.nodeHub("node-stranger"), Addresses.session(Ids.ofSession("node-stranger", 0)))) {
            ReplyException refused = refusal(address);
            assertThat(refused.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
            assertThat(refused.failureCode()).isEqualTo(503);
            assertThat(refused).hasMessage("node-stranger has another admin token than this node");
        }
    }

    @Test
    void whatVertxRemembersOfANodeThatIsLostGoesAndFailsByNameUntilItIsBack() throws Exception {
        String session = Addresses.session(Ids.ofSession("node-friend12", 0));
        whereIs(session);
        membership.list();
        while (directory.roster().member("friend12").isPresent()) {
            directory.roster().toAsk();
        }

        RegistrationUpdateEvent update = updates.poll(10, TimeUnit.SECONDS);
        assertThat(update.address()).isEqualTo(session);
        assertThat(update.registrations()).isEmpty();
        ReplyException silence = refusal(session);
        assertThat(silence.failureType()).isEqualTo(ReplyFailure.TIMEOUT);
        assertThat(silence.failureCode()).isEqualTo(503);
        assertThat(silence).hasMessage("node-friend12 cannot be reached");
        // it is asked whether it is back
        assertThat(whereIs(Addresses.nodeRoster("friend12"))).containsExactly("node-friend12");

        directory.roster().heard(FRIEND);

        assertThat(whereIs(session)).containsExactly("node-friend12");
    }

    @Test
    void noMoreAddressesAreRememberedThanMayBe() throws Exception {
        for (int i = 0; i <= Directory.MAX_REMEMBERED; i++) {
            whereIs(Addresses.nodeFlow("node-friend12", i));
        }

        assertThat(updates.poll(10, TimeUnit.SECONDS).address()).isEqualTo(Addresses.nodeFlow("node-friend12", 0));
        assertThat(updates).isEmpty();
    }
}
