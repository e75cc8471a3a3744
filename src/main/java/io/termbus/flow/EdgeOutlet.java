package io.termbus.flow;

import io.termbus.flow.edge.EdgeLink;
import io.termbus.flow.output.FlowMeters;
import io.termbus.flow.output.Outlet;
import io.termbus.protocol.SessionMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.BiConsumer;

/** The {@link Outlet} of a session of another node: what concerns its owner goes over the {@link EdgeLink}. */
final class EdgeOutlet extends BusOutlet {
    private final EdgeLink link;

    EdgeOutlet(
            Vertx vertx,
            MissedDisconnects missed,
            BiConsumer<String, String> onLeft,
            FlowMeters meters,
            EdgeLink link) {
        super(vertx, vertx.eventBus(), missed, onLeft, meters);
        this.link = link;
    }

    @Override
    public void taken(String session, int outputs, boolean lags) {
        link.taken(outputs);
    }

    @Override
    public void listening(String session) {
        link.listening();
    }

    @Override
    public void lagChanged(String session) {
        link.counted();
    }

    @Override
    void tellCount(String session, int count) {
        link.counted();
    }

    @Override
    public Future<SessionMessage.Snapshot> snapshot(
            String session, int scrollbackLines, int wantedBytes, int maxBytes) {
        return link.snapshot(scrollbackLines, wantedBytes, maxBytes);
    }
}
