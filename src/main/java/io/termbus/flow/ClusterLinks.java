package io.termbus.flow;

import io.termbus.config.FlowConfig;
import io.termbus.flow.edge.EdgeLink;
import io.termbus.flow.edge.EdgeLinks;
import io.termbus.flow.edge.LinkBus;
import io.termbus.flow.output.Attachment;
import io.termbus.flow.output.FlowMeters;
import io.termbus.flow.output.LinkFeeds;
import io.termbus.flow.output.SessionFlow;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.FlowShards;
import io.termbus.protocol.HubException;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.Refusals;
import io.termbus.protocol.RemoteCalls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires one flow-control instance to the other nodes: as owner of its sessions, and as edge of theirs. */
final class ClusterLinks {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLinks.class);

    private final Vertx vertx;
    private final String address;
    private final int shard;
    private final FlowShards shards;
    private final FlowConfig limits;
    private final Map<String, SessionFlow> sessions;
    private final MissedDisconnects missed;
    private final BiConsumer<String, String> left;
    private final FlowMeters meters;
    private final LinkBus bus;
    private final BusOutlet outlet;
    private final LinkFeeds feeds;
    private final EdgeLinks edges;

    /**
     * @param sessions of the instance; those of other nodes are put in and taken out here
     * @param missed of the instance
     * @param left told session and subscriber when a subscriber is gone
     * @param meters of the instance
     */
    ClusterLinks(
            Vertx vertx,
            String node,
            int shard,
            FlowShards shards,
            FlowConfig limits,
            int maxSubscribers,
            Map<String, SessionFlow> sessions,
            MissedDisconnects missed,
            BiConsumer<String, String> left,
            FlowMeters meters) {
        this.vertx = vertx;
        this.address = Addresses.nodeFlow(node, shard);
        this.shard = shard;
        this.shards = shards;
        this.limits = limits;
        this.sessions = sessions;
        this.missed = missed;
        this.left = left;
        this.bus = new ClusterLinkBus(vertx.eventBus(), RemoteCalls.of(vertx));
        this.meters = meters;
        this.outlet = new BusOutlet(vertx, vertx.eventBus(), missed, left, meters);
        this.feeds = new LinkFeeds(address, limits, maxSubscribers, outlet, this::own);
        this.edges = new EdgeLinks(node, address, outlet, bus, this::link, link -> sessions.remove(link.session()));
    }

    Future<?> start() {
        EventBus eventBus = vertx.eventBus();
        return Future.all(
                eventBus.localConsumer(Addresses.NODE_LEFT, (Message<String> message) -> {
                            feeds.nodeLeft(message.body());
                            edges.nodeLeft(message.body());
                        })
                        .completion(),
                eventBus.consumer(address, this::fromCluster).completion());
    }

    boolean isRemote(String session) {
        return edges.has(session);
    }

    /** @param attach called when this node gets the session's output, or will get it */
    Future<Void> join(Attachment attachment, Consumer<SessionFlow> attach) {
        return edges.link(attachment.session()).join(attachment.lossless(), attach);
    }

    /** A session of another node, as that describes it. */
    Future<JsonObject> info(String session) {
        return bus.info(session);
    }

    private Optional<SessionFlow> own(String session) {
        return isRemote(session) ? Optional.empty() : Optional.ofNullable(sessions.get(session));
    }

    private EdgeLink link(String session) {
        EdgeLink made = new EdgeLink(
                session,
                edges,
                outlet,
                bus,
                edges::grace,
                link -> new SessionFlow(session, limits, new EdgeOutlet(vertx, missed, left, meters, link)));
        sessions.put(session, made.flow());
        return made;
    }

    private void fromCluster(Message<Object> message) {
        try {
            received(message);
        } catch (HubException e) {
            message.fail(e.error().code(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("flow control {} failed on a message of another node", shard, e);
            Refusals.internal(message);
        }
    }

    /** A message of another node; an {@code Open} may be for another instance of this one. */
    void received(Message<Object> message) {
        if (message.body() instanceof LinkMessage.FromOwner fromOwner) {
            edges.received(fromOwner);
        } else if (message.body() instanceof LinkMessage.Open open && !isOurs(open)) {
            answer(
                    message,
                    vertx.eventBus()
                            .<LinkMessage>request(
                                    shards.addressOfSession(open.session()),
                                    open,
                                    LinkMessage.options().setLocalOnly(true))
                            .map(Message::body));
        } else if (message.body() instanceof LinkMessage.Checks checks) {
            answer(message, Future.succeededFuture(feeds.checked(checks)));
        } else if (message.body() instanceof LinkMessage.FromEdge fromEdge) {
            answer(message, feeds.received(fromEdge));
        }
    }

    private boolean isOurs(LinkMessage.Open open) {
        return shards.addressOfSession(open.session()).equals(Addresses.flowShard(shard));
    }

    private static void answer(Message<Object> message, Future<LinkMessage> answer) {
        if (message.replyAddress() != null) {
            answer.onSuccess(it -> message.reply(it, LinkMessage.options())).onFailure(cause -> refuse(message, cause));
        }
    }

    private static void refuse(Message<Object> message, Throwable cause) {
        if (cause instanceof HubException known) {
            message.fail(known.error().code(), known.getMessage());
        } else if (cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
            message.fail(reply.failureCode(), reply.getMessage());
        } else if (cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS) {
            message.fail(ErrorCode.NOT_FOUND.code(), "no such session");
        } else {
            LOG.error("a request of another node failed", cause);
            Refusals.internal(message);
        }
    }
}
