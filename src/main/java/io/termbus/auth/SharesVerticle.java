package io.termbus.auth;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.Handlers;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubBus;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Nodes;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Target;
import io.termbus.protocol.Refusals;
import io.termbus.protocol.Role;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code share}, {@code revoke} and {@code shares}, on its own event loop. Bridges have checked the role. */
public final class SharesVerticle extends VerticleBase {
    static final int DEFAULT_SECONDS = 86_400;
    static final int MAX_SECONDS = 366 * 86_400;

    private static final Logger LOG = LoggerFactory.getLogger(SharesVerticle.class);
    private static final int MAX_ID_CHARS = 64;
    /** The owner of a session may be another node, which answers within milliseconds where it lives. */
    private static final long ANSWER_MILLIS = 2_000;

    private static final DeliveryOptions INFO = new DeliveryOptions()
            .addHeader(Headers.ACTION, Operation.INFO.action())
            .setSendTimeout(ANSWER_MILLIS);

    private final Shares shares;
    private final String baseUrl;
    private final Optional<String> publicUrl;
    private final Nodes nodes;

    private Optional<ShareSync> others = Optional.empty();
    private @Nullable ShareSaver saver;

    /**
     * @param baseUrl where browsers on this machine find the web app, ending with a slash
     * @param publicUrl where all others do, if that was set, ending with a slash
     * @param nodes who are told, and heard
     */
    public SharesVerticle(Shares shares, String baseUrl, Optional<String> publicUrl, Nodes nodes) {
        this.nodes = nodes;
        this.shares = shares;
        this.baseUrl = baseUrl;
        this.publicUrl = publicUrl;
    }

    @Override
    public Future<?> start() {
        saver = new ShareSaver(vertx, shares, ShareSaver.AGAIN);
        Future<Void> answering =
                bus().localConsumer(Addresses.SHARES, this::received).completion();
        if (!nodes.isCluster()) {
            return answering;
        }
        ShareBus bus = new ShareBus(vertx, nodes.self());
        ShareSync sync = new ShareSync(
                bus, nodes, shares, ShareSync.COMPARE_EVERY, new Random(), InstantSource.system(), this::saveLater);
        others = Optional.of(sync);
        return Future.all(answering, bus.start(sync));
    }

    @Override
    public Future<?> stop() {
        return saver().close();
    }

    private EventBus bus() {
        return HubBus.of(vertx, config());
    }

    private ShareSaver saver() {
        return Objects.requireNonNull(saver, "not deployed");
    }

    private void received(Message<Object> message) {
        try {
            Operation operation = Operation.of(Target.HUB, Handlers.actionOf(message.headers()));
            answer(operation, message).onSuccess(message::reply).onFailure(cause -> fail(message, cause));
        } catch (HubException e) {
            fail(message, e);
        }
    }

    private Future<JsonObject> answer(Operation operation, Message<Object> message) {
        Fields fields = Fields.of(message.body());
        return switch (operation) {
            case SHARE ->
                share(
                        fields,
                        Optional.ofNullable(message.headers().get(Headers.USER)).orElse("hub"));
            case REVOKE -> revoke(fields.requiredText("id", MAX_ID_CHARS));
            case SHARES -> Future.succeededFuture(list());
            default -> throw HubException.notFound("no action '" + operation.action() + "' at " + Addresses.SHARES);
        };
    }

    private Future<JsonObject> share(Fields fields, String user) {
        Optional<String> session = fields.text("session", MAX_ID_CHARS);
        Role role = Role.of(fields.choice("role", List.of("viewer", "operator", "admin")))
                .orElseThrow();
        Duration lifetime = Duration.ofSeconds(fields.intOr("expiresInSeconds", 1, MAX_SECONDS, DEFAULT_SECONDS));
        return session.map(this::mustExist).orElseGet(Future::succeededFuture).compose(known -> {
            Shares.Issued issued = shares.issue(session, role, lifetime, user);
            return saver().save()
                    .recover(cause -> {
                        shares.withdraw(issued.share().id());
                        return Future.failedFuture(notSaved("the share", "it was not made", cause));
                    })
                    .map(saved -> {
                        others.ifPresent(
                                it -> it.tell(new JsonArray().add(issued.share().toJson())));
                        return answer(issued);
                    });
        });
    }

    private Future<Void> mustExist(String session) {
        return bus().request(Addresses.session(session), new JsonObject(), INFO)
                .<Void>mapEmpty()
                .recover(cause -> Future.failedFuture(
                        cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT
                                ? new HubException(
                                        ErrorCode.UNAVAILABLE, "the owner of session " + session + " cannot be reached")
                                : HubException.notFound("no such session " + session)));
    }

    private JsonObject answer(Shares.Issued issued) {
        String url = publicUrl.orElse(baseUrl) + "?token=" + URLEncoder.encode(issued.token(), StandardCharsets.UTF_8)
                + issued.share().session().map(session -> "#" + session).orElse("");
        JsonObject answer = new JsonObject()
                .put("token", issued.token())
                .put("url", url)
                .put("id", issued.share().id())
                .put("role", issued.share().role().toString())
                .put("expiresAt", issued.share().expiresAt().toString());
        publicUrl.ifPresent(base -> answer.put("publicUrl", base));
        return answer;
    }

    /**
     * Those who use it go first, whatever comes then; that it stays revoked after a start is told when it is on the disk.
     */
    private Future<JsonObject> revoke(String id) {
        JsonObject revocation = new Revocation(id, shares.revoke(id).expiresAt()).toJson();
        bus().publish(Addresses.SHARE_ENDED, id, LOCAL);
        others.ifPresent(it -> it.tell(new JsonArray().add(revocation)));
        return saver().save()
                .map(saved -> new JsonObject())
                .recover(cause -> Future.failedFuture(notSaved(
                        "that share " + id + " has ended",
                        "its token is refused from now on, but would hold again after a start; revoke it again",
                        cause)));
    }

    private static HubException notSaved(String what, String consequence, Throwable cause) {
        return new HubException(ErrorCode.INTERNAL, what + " " + cause.getMessage() + ": " + consequence);
    }

    private JsonObject list() {
        JsonArray all = new JsonArray();
        shares.list().forEach(share -> all.add(share.toJson()));
        return new JsonObject().put("shares", all);
    }

    private void saveLater() {
        saver().save().onFailure(cause -> LOG.debug("shares of other nodes are tried again", cause));
    }

    private static void fail(Message<Object> message, Throwable cause) {
        if (!Refusals.known(message, cause)) {
            LOG.error("{} failed", message.headers().get(Headers.ACTION), cause);
            message.fail(ErrorCode.INTERNAL.code(), "the hub failed; its log has the details");
        }
    }
}
