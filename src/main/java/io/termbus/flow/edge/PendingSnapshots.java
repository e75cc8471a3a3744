package io.termbus.flow.edge;

import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Snapshots that subscribers at an edge wait for, of which only the owner has the terminal. Asked again when the link is open again: the question, or
 * the answer, may have got lost with it. On the event loop of its {@link EdgeLink}.
 */
final class PendingSnapshots {
    private record Request(int scrollbackLines, int wantedBytes, int maxBytes, Promise<Snapshot> answer) {}

    private final EdgeLink link;
    private final LinkBus bus;
    /** Not answered yet. */
    private final Set<Request> requests = new LinkedHashSet<>();

    PendingSnapshots(EdgeLink link, LinkBus bus) {
        this.link = link;
        this.bus = bus;
    }

    /** The terminal's state as the owner has it; where the link is lost, as it will have it later. */
    Future<Snapshot> add(int scrollbackLines, int wantedBytes, int maxBytes) {
        Request request = new Request(scrollbackLines, wantedBytes, maxBytes, Promise.promise());
        requests.add(request);
        ask(request);
        return request.answer().future().onComplete(done -> requests.remove(request));
    }

    /** The link is open, or will never be again. */
    void askAll() {
        List.copyOf(requests).forEach(this::ask);
    }

    private void ask(Request request) {
        switch (link.state()) {
            case OPEN -> askOwner(request);
            case OPENING, LOST -> {}
            case ENDED, CLOSED -> request.answer().tryFail("the session is forgotten");
        }
    }

    private void askOwner(Request request) {
        String asked = link.id();
        bus.state(
                        link.ownerAddress(),
                        new LinkMessage.StateWanted(
                                asked,
                                link.session(),
                                request.scrollbackLines(),
                                request.wantedBytes(),
                                request.maxBytes()))
                .onSuccess(it -> request.answer()
                        .tryComplete(new Snapshot(it.offset(), it.cols(), it.rows(), it.payload(), it.whole())))
                .onFailure(cause -> {
                    if (LinkFailures.isRefusal(cause)) {
                        request.answer().tryFail(cause);
                    } else if (link.id().equals(asked)) {
                        link.lose("no state of the session: " + cause.getMessage());
                    }
                });
    }
}
