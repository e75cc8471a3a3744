package io.termbus.cluster;

import java.util.List;
import java.util.function.Consumer;

/**
 * Port to what finds nodes and notices that one is gone. It knows nothing of addresses, sessions or tokens. The calls
 * that join and leave block, and come from one thread; the others come from any and do not block.
 */
interface Membership {
    enum State {
        /** It has found its cluster, which may be this node alone. */
        JOINED,
        /** It has come to an end and is being made anew; it knows nobody. */
        REJOINING
    }

    /**
     * Joins, or founds, the cluster.
     *
     * @param changed told, on any thread, whenever {@link #members} may have changed
     */
    void join(Peer self, Consumer<Membership> changed) throws Exception;

    /** Idempotent. */
    void leave() throws Exception;

    /** Mends what has come to an end by itself. Called every second or so; returns at once where all is well. */
    void mend() throws Exception;

    /** All members that have told who they are, the local one among them; oldest first, as far as it knows. */
    List<Peer> members();

    State state();
}
