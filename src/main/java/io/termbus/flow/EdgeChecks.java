package io.termbus.flow;

import io.termbus.protocol.LinkMessage.Check;
import io.termbus.protocol.LinkMessage.Position;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The questions of one edge to one instance of an owner, for all open links between them together: whether it lives, and
 * whether anything was lost at the end of a link. The next one comes a while after the last answer. On the event loop of
 * the {@link EdgeLinks}.
 */
final class EdgeChecks {
    /** How long after an answer the next question is asked. */
    static final long EVERY_NANOS = 2_000_000_000L;
    /** Of one message, some 60 bytes each. */
    static final int MAX_LINKS = 1_000;

    private final String address;
    private final EdgeLinks edge;
    private final Outlet clock;
    private final LinkBus bus;
    private final Runnable idle;
    /** Those that are open. */
    private final Set<EdgeLink> links = new LinkedHashSet<>();

    /**
     * @param address of the owner's instance
     * @param idle told when there was no link any more at the time of a question: none is asked from then on
     */
    EdgeChecks(String address, EdgeLinks edge, Outlet clock, LinkBus bus, Runnable idle) {
        this.address = address;
        this.edge = edge;
        this.clock = clock;
        this.bus = bus;
        this.idle = idle;
        later();
    }

    void add(EdgeLink link) {
        links.add(link);
    }

    void remove(EdgeLink link) {
        links.remove(link);
    }

    private void later() {
        clock.after(EVERY_NANOS, this::ask);
    }

    private void ask() {
        if (links.isEmpty()) {
            idle.run();
            return;
        }
        List<EdgeLink> all = List.copyOf(links);
        List<Future<?>> answers = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MAX_LINKS) {
            answers.add(ask(all.subList(from, Math.min(all.size(), from + MAX_LINKS))));
        }
        Future.join(answers).onComplete(done -> later());
    }

    private Future<?> ask(List<EdgeLink> asked) {
        String owner = asked.get(0).owner();
        long heard = edge.heard(owner);
        Map<EdgeLink, String> ids = new HashMap<>();
        asked.forEach(link -> ids.put(link, link.id()));
        List<Check> checks = asked.stream().map(EdgeLink::check).toList();
        return bus.check(address, checks)
                .onSuccess(positions -> answered(ids, positions))
                .onFailure(cause -> {
                    // else the answer waits behind what the owner sends
                    if (!LinkFailures.isTimeout(cause) || edge.heard(owner) == heard) {
                        ids.forEach((link, id) -> link.notAnswered(id, String.valueOf(cause.getMessage())));
                    }
                });
    }

    private static void answered(Map<EdgeLink, String> asked, List<Position> positions) {
        Map<String, Position> byLink = new HashMap<>();
        positions.forEach(each -> byLink.put(each.link(), each));
        asked.forEach((link, id) -> {
            Position position = byLink.get(id);
            if (position == null) {
                link.notAnswered(id, "its owner knows no such link");
            } else {
                link.answered(position);
            }
        });
    }
}
