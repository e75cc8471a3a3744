package io.termbus.flow.edge;

import io.termbus.flow.output.Outlet;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.Check;
import io.termbus.protocol.LinkMessage.Position;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks one instance of an owner, for all open links of this edge to it together, whether it lives, and whether anything was
 * lost at the end of a link. One question follows the other, whatever becomes of it. On the event loop of
 * the {@link EdgeLinks}.
 */
final class EdgeChecks {
    /** From one question to the next, which is also how long an answer may take. */
    static final long EVERY_NANOS = LinkMessage.CHECK_EVERY.toNanos();
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
        later();
        List<EdgeLink> all = List.copyOf(links);
        for (int from = 0; from < all.size(); from += MAX_LINKS) {
            ask(all.subList(from, Math.min(all.size(), from + MAX_LINKS)));
        }
    }

    private void ask(List<EdgeLink> asked) {
        String owner = asked.get(0).owner();
        long heard = edge.heard(owner);
        Map<EdgeLink, String> ids = new HashMap<>();
        asked.forEach(link -> ids.put(link, link.id()));
        List<Check> checks = asked.stream().map(EdgeLink::check).toList();
        bus.check(address, checks)
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
