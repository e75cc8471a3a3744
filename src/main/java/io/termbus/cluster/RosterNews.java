package io.termbus.cluster;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.protocol.Addresses;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells this node's verticles who has come and who has left, once they are there to hear it. Any thread may call. */
final class RosterNews implements Roster.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(RosterNews.class);

    private final Consumer<Peer> lost;
    private volatile @Nullable Vertx vertx;

    /** @param lost told first, before those who would ask anew */
    RosterNews(Consumer<Peer> lost) {
        this.lost = lost;
    }

    void begin(Vertx bus) {
        vertx = bus;
    }

    @Override
    public void joined(Peer peer) {
        tell("{} has joined", Addresses.NODE_JOINED, peer);
    }

    @Override
    public void left(Peer peer) {
        lost.accept(peer);
        tell("{} has left", Addresses.NODE_LEFT, peer);
    }

    @Override
    public void stranger(Peer peer, boolean there) {
        if (there) {
            // one that has just started leaves by itself; after a partition nobody does
            LOG.error("{}: nothing passes between them", Directory.otherToken(peer.name()));
        } else {
            LOG.info("{}: it is gone", Directory.otherToken(peer.name()));
        }
    }

    private void tell(String text, String address, Peer peer) {
        Vertx told = vertx;
        if (told != null) {
            LOG.info(text, peer.name());
            told.eventBus().publish(address, peer.name(), LOCAL);
        }
    }
}
