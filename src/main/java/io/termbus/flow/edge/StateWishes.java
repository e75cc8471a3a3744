package io.termbus.flow.edge;

import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who waits at an edge for the state of the owner's terminal. Asked again when the link is open again: the question, or
 * the answer, may have got lost with it. On the event loop of its {@link EdgeLink}.
 */
final class StateWishes {
    private record Wish(int scrollbackLines, int wantedBytes, int maxBytes, Promise<Snapshot> answer) {}

    private final EdgeLink link;
    private final LinkBus bus;
    /** Not answered yet. */
    private final Set<Wish> wishes = new LinkedHashSet<>();

    StateWishes(EdgeLink link, LinkBus bus) {
        this.link = link;
        this.bus = bus;
    }

    /** The terminal's state as the owner has it; where the link is lost, as it will have it later. */
    Future<Snapshot> add(int scrollbackLines, int wantedBytes, int maxBytes) {
        Wish wish = new Wish(scrollbackLines, wantedBytes, maxBytes, Promise.promise());
        wishes.add(wish);
        ask(wish);
        return wish.answer().future().onComplete(done -> wishes.remove(wish));
    }

    /** The link is open, or will never be again. */
    void askAll() {
        List.copyOf(wishes).forEach(this::ask);
    }

    private void ask(Wish wish) {
        switch (link.state()) {
            case OPEN -> askOwner(wish);
            case OPENING, LOST -> {}
            case ENDED, CLOSED -> wish.answer().tryFail("the session is forgotten");
        }
    }

    private void askOwner(Wish wish) {
        String asked = link.id();
        bus.state(
                        link.ownerAddress(),
                        new LinkMessage.StateWanted(
                                asked, link.session(), wish.scrollbackLines(), wish.wantedBytes(), wish.maxBytes()))
                .onSuccess(it -> wish.answer()
                        .tryComplete(new Snapshot(it.offset(), it.cols(), it.rows(), it.payload(), it.whole())))
                .onFailure(cause -> {
                    if (LinkFailures.isRefusal(cause)) {
                        wish.answer().tryFail(cause);
                    } else if (link.id().equals(asked)) {
                        link.lose("no state of the session: " + cause.getMessage());
                    }
                });
    }
}
