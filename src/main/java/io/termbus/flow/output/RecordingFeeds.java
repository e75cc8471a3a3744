package io.termbus.flow.output;

import io.termbus.protocol.Delivery;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.SessionMessage;
import io.termbus.record.RecordingFiles;
import io.termbus.record.cast.CastHeader;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The recordings of one flow-control instance's sessions. On its event loop. */
public final class RecordingFeeds {
    private final Outlet outlet;
    private final RecordingFiles files;
    private final WorkerExecutor workers;
    private final BiConsumer<String, SessionMessage> toSession;
    private final Map<String, RecordingFeed> bySession = new HashMap<>();

    /** @param toSession tells a session of this instance */
    public RecordingFeeds(
            Outlet outlet, RecordingFiles files, WorkerExecutor workers, BiConsumer<String, SessionMessage> toSession) {
        this.outlet = outlet;
        this.files = files;
        this.workers = workers;
        this.toSession = toSession;
    }

    private Optional<RecordingFeed> find(String session) {
        return Optional.ofNullable(bySession.get(session)).filter(feed -> !feed.isOver());
    }

    /** Something was typed that the terminal does not hide. */
    public void typed(FlowMessage.Entered entered) {
        find(entered.session()).ifPresent(feed -> feed.typed(entered.bytes()));
    }

    public void mark(FlowMessage.Marked marked) {
        find(marked.session()).ifPresent(feed -> feed.mark(marked.label()));
    }

    /** The answer to {@link FlowMessage.Record}. One that is asked for twice is begun once. */
    public Future<JsonObject> record(FlowMessage.Record asked, SessionFlow flow) {
        Optional<RecordingFeed> there = find(asked.session());
        if (!asked.on()) {
            return there.map(feed -> feed.end("stopped"))
                    .orElseGet(Future::succeededFuture)
                    .map(ended -> new JsonObject());
        }
        return there.orElseGet(() -> begin(asked, flow)).begun().map(id -> new JsonObject().put("recording", id));
    }

    private RecordingFeed begin(FlowMessage.Record asked, SessionFlow flow) {
        String session = asked.session();
        RecordingFeed feed = new RecordingFeed(session, flow, outlet, files, workers);
        feed.ended().onSuccess(reason -> {
            bySession.remove(session, feed);
            String id = feed.begun().succeeded() ? feed.begun().result() : "";
            toSession.accept(session, new SessionMessage.RecordingEnded(id, reason));
            tell(flow, new JsonObject().put("on", false).put("reason", reason));
        });
        bySession.put(session, feed);
        flow.add(feed);
        feed.begun().onSuccess(id -> {
            toSession.accept(session, new SessionMessage.RecordingBegun(id));
            tell(
                    flow,
                    new JsonObject()
                            .put("on", true)
                            .put("recording", id)
                            .put("mode", files.settings().mode().toString()));
        });
        feed.begin(CastHeader.of(asked.cols(), asked.rows(), Instant.now(), asked.title(), asked.command()));
        return feed;
    }

    private static void tell(SessionFlow flow, JsonObject body) {
        flow.subscribers().tellAll(Delivery.Kind.RECORDING, body);
    }

    /** Ends all; completes when their files are closed. */
    public Future<?> close() {
        List<Future<Void>> ended =
                bySession.values().stream().map(feed -> feed.end("shutdown")).toList();
        return Future.join(ended);
    }
}
