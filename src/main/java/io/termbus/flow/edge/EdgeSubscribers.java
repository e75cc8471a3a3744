package io.termbus.flow.edge;

import io.termbus.flow.output.SessionFlow;
import io.termbus.protocol.LinkMessage;

/**
 * The subscribers at an edge, with those about to attach, and what the owner has been told of them: a message that is made
 * here counts as told. On the event loop of its {@link EdgeLink}.
 */
final class EdgeSubscribers {
    private final SessionFlow flow;
    private int joining;
    private int losslessJoining;
    private int toldSubscribers;
    private boolean toldLossless;

    EdgeSubscribers(SessionFlow flow) {
        this.flow = flow;
    }

    void joins(boolean lossless) {
        joining++;
        losslessJoining += lossless ? 1 : 0;
    }

    /** It has joined, or could not. */
    void joined(boolean lossless) {
        joining--;
        losslessJoining -= lossless ? 1 : 0;
    }

    int size() {
        return flow.subscribers().size() + joining;
    }

    /** One of them must not skip. */
    private boolean isLossless() {
        return flow.isLossless() || losslessJoining > 0;
    }

    /** The owner knows something else. */
    boolean isNews() {
        return toldSubscribers != size() || toldLossless != isLossless();
    }

    private void told() {
        toldSubscribers = size();
        toldLossless = isLossless();
    }

    LinkMessage.Open open(String link, String session, EdgeLinks edge, long from) {
        told();
        return new LinkMessage.Open(
                link, session, edge.node(), edge.address(), from, toldLossless, Math.max(1, toldSubscribers));
    }

    LinkMessage.Update update(String link) {
        told();
        return new LinkMessage.Update(link, toldLossless, toldSubscribers);
    }

    LinkMessage.Check check(String link, long taken) {
        told();
        return new LinkMessage.Check(link, taken, toldLossless, toldSubscribers);
    }
}
