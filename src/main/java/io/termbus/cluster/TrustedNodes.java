package io.termbus.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import io.termbus.protocol.ErrorCode;
import io.vertx.core.Completable;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.Optional;

/**
 * The directory of the event bus, for a node that deals with those alone that have its admin token. Clusters of
 * different tokens merge when they find each other after a partition: no message goes from one to the other, be it
 * request, reply or event. A request to a node of the other kind fails at once, by name. Any thread may call.
 */
final class TrustedNodes extends HazelcastClusterManager {
    /** Vert.x' own attribute of members. */
    private static final String NODE_ID_ATTRIBUTE = "__vertx.nodeId";

    private static final String NAME = "node";
    private static final String TOKEN = "token";

    private final String tokenPrint;

    TrustedNodes(Config config, String tokenPrint) {
        super(config);
        this.tokenPrint = tokenPrint;
    }

    /** What a node tells of itself to those who would send it something. */
    static JsonObject metadata(String name, String tokenPrint) {
        return new JsonObject().put(NAME, name).put(TOKEN, tokenPrint);
    }

    /** Everything that is sent to a node, replies too, passes here before the first connection to it. */
    @Override
    public void getNodeInfo(String nodeId, Completable<NodeInfo> promise) {
        super.getNodeInfo(nodeId, (info, cause) -> {
            if (cause == null && !isTrusted(info)) {
                promise.fail(refusal(Optional.ofNullable(info.metadata()).map(it -> it.getString(NAME))));
            } else {
                promise.complete(info, cause);
            }
        });
    }

    private boolean isTrusted(NodeInfo info) {
        return info.metadata() != null && tokenPrint.equals(info.metadata().getString(TOKEN));
    }

    private static ReplyException refusal(Optional<String> name) {
        String why = otherToken(name.orElse("a node"));
        return new ReplyException(ReplyFailure.RECIPIENT_FAILURE, ErrorCode.UNAVAILABLE.code(), why);
    }

    /** For those who asked for something of such a node. */
    static String otherToken(String name) {
        return name + " has another admin token than this node";
    }

    /** Who sends where strangers alone are is told so, instead of hearing that nobody is there. */
    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
        super.getRegistrations(address, (found, cause) -> {
            List<RegistrationInfo> trusted = cause == null ? withoutStrangers(found) : List.of();
            if (cause == null && trusted.isEmpty() && !found.isEmpty()) {
                promise.fail(refusal(stranger(found.get(0)).flatMap(Membership::nameOf)));
            } else {
                promise.complete(trusted, cause);
            }
        });
    }

    @Override
    public void registrationListener(RegistrationListener listener) {
        super.registrationListener(new RegistrationListener() {
            @Override
            public void registrationsUpdated(RegistrationUpdateEvent event) {
                listener.registrationsUpdated(
                        new RegistrationUpdateEvent(event.address(), withoutStrangers(event.registrations())));
            }

            @Override
            public void registrationsLost() {
                listener.registrationsLost();
            }

            @Override
            public boolean wantsUpdatesFor(String address) {
                return listener.wantsUpdatesFor(address);
            }
        });
    }

    private List<RegistrationInfo> withoutStrangers(List<RegistrationInfo> found) {
        return found.stream().filter(each -> stranger(each).isEmpty()).toList();
    }

    /** The member that has registered, where it has another token. */
    private Optional<Member> stranger(RegistrationInfo registration) {
        return getHazelcastInstance().getCluster().getMembers().stream()
                .filter(member -> registration.nodeId().equals(member.getAttribute(NODE_ID_ATTRIBUTE)))
                .filter(member -> !Membership.hasToken(member, tokenPrint))
                .findFirst();
    }
}
