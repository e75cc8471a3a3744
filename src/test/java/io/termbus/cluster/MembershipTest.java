package io.termbus.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.MembershipEvent;
import io.termbus.protocol.Addresses;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which members a node hears of. */
@Timeout(30)
class MembershipTest {
    private static final String OURS = "print of our token";

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void listen(String address) {
        vertx.eventBus().<String>localConsumer(address, message -> heard.add(address + " " + message.body()));
    }

    private static MembershipEvent event(String name, String tokenPrint, int type) {
        Cluster none = (Cluster) Proxy.newProxyInstance(
                MembershipTest.class.getClassLoader(), new Class<?>[] {Cluster.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        return new MembershipEvent(none, Members.member(name, tokenPrint), type, Set.of());
    }

    private void come(Membership membership, String name, String tokenPrint) {
        membership.memberAdded(event(name, tokenPrint, MembershipEvent.MEMBER_ADDED));
    }

    private void leave(Membership membership, String name, String tokenPrint) {
        membership.memberRemoved(event(name, tokenPrint, MembershipEvent.MEMBER_REMOVED));
    }

    @Test
    void whoHasAnotherTokenNeitherJoinsNorLeaves() throws Exception {
        listen(Addresses.NODE_JOINED);
        listen(Addresses.NODE_LEFT);
        Membership membership = new Membership(vertx, OURS);

        come(membership, "stranger", "print of another");
        come(membership, "friend", OURS);

        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Addresses.NODE_JOINED + " friend");

        leave(membership, "stranger", "print of another");
        leave(membership, "friend", OURS);

        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(Addresses.NODE_LEFT + " friend");
    }
}
