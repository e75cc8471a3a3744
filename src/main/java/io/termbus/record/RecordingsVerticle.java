package io.termbus.record;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.Handlers;
import io.termbus.protocol.Headers;
import io.termbus.protocol.HubBus;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Operation;
import io.termbus.protocol.Operation.Target;
import io.termbus.protocol.Refusals;
import io.termbus.protocol.Role;
import io.termbus.record.cast.CastException;
import io.termbus.vt.snapshot.BoundedSnapshot;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what is asked about recordings, on workers, so that nothing waits for those who look into them; and deletes old
 * ones. Whoever may see all sessions of a hub need not see what was in them before: that takes role admin, or a token for
 * the one session.
 */
public final class RecordingsVerticle extends VerticleBase {
    /** Each may take some 100 ms. */
    private static final int MAX_SEEKS_OF_USER = 2;
    /** What takes no more than reading a file, or the heads of all. */
    private static final int MAX_OTHERS_OF_USER = 16;

    private static final Logger LOG = LoggerFactory.getLogger(RecordingsVerticle.class);
    private static final long SWEEP_MILLIS = Duration.ofHours(1).toMillis();
    private static final int MAX_ID_CHARS = 256;
    private static final int MAX_LINES = 1_000_000;

    private final RecordingFiles files;
    private @Nullable Questions seeks;
    private @Nullable Questions others;

    public RecordingsVerticle(RecordingFiles files) {
        this.files = files;
    }

    @Override
    public Future<?> start() {
        EventBus bus = HubBus.of(vertx, config());
        WorkerExecutor playback = vertx.createSharedWorkerExecutor(HubBus.named(config(), "playback"), 1);
        seeks = new Questions(answer -> playback.executeBlocking(answer, false), MAX_SEEKS_OF_USER);
        others = new Questions(answer -> vertx.executeBlocking(answer, true), MAX_OTHERS_OF_USER);
        vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep());
        return bus.localConsumer(Addresses.RECORDINGS, this::received)
                .completion()
                .compose(done -> files.settings().isOn() ? prepare() : Future.succeededFuture());
    }

    /** Where that fails recordings do, and say why; sessions need none. */
    private Future<?> prepare() {
        return vertx.executeBlocking(() -> {
                    files.prepare();
                    return files;
                })
                .recover(cause -> {
                    LOG.warn("recordings cannot be kept", cause);
                    return Future.succeededFuture(files);
                });
    }

    private void sweep() {
        vertx.executeBlocking(() -> {
                    files.sweep();
                    return files;
                })
                .onFailure(cause -> LOG.warn("old recordings could not be deleted", cause));
    }

    private void received(Message<Object> message) {
        try {
            Operation operation = Operation.of(Target.HUB, Handlers.actionOf(message.headers()));
            Callable<JsonObject> answer = answer(operation, Fields.of(message.body()), message);
            Objects.requireNonNull(operation == Operation.SEEK ? seeks : others, "not started")
                    .ask(message.headers().get(Headers.USER), answer)
                    .onSuccess(message::reply)
                    .onFailure(cause -> fail(message, cause));
        } catch (HubException e) {
            fail(message, e);
        }
    }

    private Callable<JsonObject> answer(Operation operation, Fields fields, Message<Object> message) {
        if (operation == Operation.RECORDINGS) {
            Optional<String> session = fields.text("session", MAX_ID_CHARS);
            Optional<String> reach = Optional.ofNullable(message.headers().get(Headers.REACH));
            mustSee(message, reach.orElse(""));
            return () -> new JsonObject()
                    .put(
                            "recordings",
                            new JsonArray(
                                    files.list(each -> session.map(each::equals).orElse(true)
                                            && reach.map(each::equals).orElse(true))));
        }
        String id = fields.requiredText("recording", MAX_ID_CHARS);
        mustSee(message, RecordingFiles.sessionOf(id));
        return switch (operation) {
            case RECORDING -> {
                Optional<Long> from = fields.number("from", 0, Long.MAX_VALUE);
                yield () -> {
                    JsonObject info = files.info(id);
                    return from.isPresent() ? info.mergeIn(files.piece(id, from.get())) : info;
                };
            }
            case SEEK -> seek(id, fields);
            case DELETE_RECORDING ->
                () -> {
                    files.delete(id);
                    return new JsonObject();
                };
            default -> throw HubException.notFound("no action '" + operation.action() + "' at " + Addresses.RECORDINGS);
        };
    }

    /** To a token for one session the recordings of others do not exist. */
    private static void mustSee(Message<Object> message, String session) {
        String reach = message.headers().get(Headers.REACH);
        String role = message.headers().get(Headers.ROLE);
        if (reach != null && !reach.equals(session)) {
            throw HubException.notFound("no such recording");
        }
        if (reach == null && role != null && !role.equals(Role.ADMIN.toString())) {
            throw new HubException(
                    ErrorCode.NOT_ALLOWED, "recordings take role admin, or a token for their session alone");
        }
    }

    private Callable<JsonObject> seek(String id, Fields fields) {
        long millis = fields.number("atMs", 0, Long.MAX_VALUE)
                .orElseThrow(() -> HubException.malformed("field 'atMs' is missing: must be milliseconds"));
        int scrollback = fields.intOr("scrollback", 0, MAX_LINES, 0);
        boolean text = fields.choice("format", List.of("ansi", "text")).equals("text");
        return () -> {
            Playback.Shown shown = files.at(id, millis);
            String data = text
                    ? BoundedSnapshot.text(shown.terminal(), scrollback, State.MAX_BYTES)
                    : new String(
                            BoundedSnapshot.ansi(shown.terminal(), scrollback, State.MAX_BYTES)
                                    .bytes(),
                            StandardCharsets.UTF_8);
            return new JsonObject()
                    .put("recording", id)
                    .put("atMs", shown.millis())
                    .put("offset", shown.offset())
                    .put("position", shown.position())
                    .put("cols", shown.terminal().cols())
                    .put("rows", shown.terminal().rows())
                    .put("cursorX", shown.terminal().cursorX())
                    .put("cursorY", shown.terminal().cursorY())
                    .put("alternateScreen", shown.terminal().alternateScreen())
                    .put("title", shown.terminal().title())
                    .put("data", data);
        };
    }

    private static void fail(Message<Object> message, Throwable cause) {
        if (cause instanceof CastException) {
            message.fail(ErrorCode.CONFLICT.code(), "the file of the recording " + cause.getMessage());
        } else if (cause instanceof NoSuchFileException) {
            message.fail(ErrorCode.NOT_FOUND.code(), "no such recording");
        } else if (!Refusals.known(message, cause)) {
            LOG.error("{} failed", message.headers().get(Headers.ACTION), cause);
            Refusals.internal(message);
        }
    }
}
