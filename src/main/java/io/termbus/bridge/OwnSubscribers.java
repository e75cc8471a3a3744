package io.termbus.bridge;

import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The subscribers that one connection attached. */
final class OwnSubscribers {
    /** Subscribers that are gone and still answered for; a client that names older ones is refused as a stranger. */
    static final int GONE_REMEMBERED = 256;

    /** Channel of a subscriber whose deliveries are JSON. */
    static final int NO_CHANNEL = 0;

    private record Attachment(String session, boolean writes, int channel) {}

    private final int max;
    private final LinkShares links;
    private final Map<String, Attachment> live = new HashMap<>();
    private final Set<String> gone = new LinkedHashSet<>();
    private final Map<Integer, String> channels = new HashMap<>();
    private int attaching;
    private int lastChannel = NO_CHANNEL;

    /**
     * @param max the setting {@code connection.maxSubscribers}
     * @param links hears who comes and goes
     */
    OwnSubscribers(int max, LinkShares links) {
        this.links = links;
        this.max = max;
    }

    /** An attach is under way and counts; {@link #attachEnded} must follow. */
    void attachBegins() {
        if (live.size() + attaching >= max) {
            throw HubException.limit(
                    "connection.maxSubscribers", "this connection already has " + max + " subscribers");
        }
        attaching++;
    }

    void attachEnded() {
        attaching--;
    }

    void attached(String subscriber, String session, boolean writes) {
        live.put(subscriber, new Attachment(session, writes, NO_CHANNEL));
        links.attached(subscriber);
    }

    /** The same for a subscriber that gets binary frames; the number of its channel, 1, 2, 3, … */
    int attachedBinary(String subscriber, String session, boolean writes) {
        live.put(subscriber, new Attachment(session, writes, ++lastChannel));
        channels.put(lastChannel, subscriber);
        links.attached(subscriber);
        return lastChannel;
    }

    /** Number of the channel of a live subscriber. */
    int channelOf(String subscriber) {
        return live.get(subscriber).channel();
    }

    /** Who has the channel; empty where nobody has it any more. Fails where nobody ever had. */
    Optional<String> onChannel(int channel) {
        if (channel < 1 || channel > lastChannel) {
            throw HubException.notFound("no such channel " + Integer.toUnsignedString(channel));
        }
        return Optional.ofNullable(channels.get(channel));
    }

    /** The subscriber is no more; it stops counting. Idempotent. */
    void gone(String subscriber) {
        Attachment attachment = live.remove(subscriber);
        if (attachment != null) {
            channels.remove(attachment.channel());
            gone.add(subscriber);
            links.gone(subscriber);
            forgetOldest();
        }
    }

    Set<String> live() {
        return Set.copyOf(live.keySet());
    }

    boolean isLive(String subscriber) {
        return live.containsKey(subscriber);
    }

    /** Live, or gone not long ago. */
    boolean isOwn(String subscriber) {
        return live.containsKey(subscriber) || gone.contains(subscriber);
    }

    String sessionOf(String subscriber) {
        Attachment attachment = live.get(subscriber);
        if (attachment == null) {
            throw HubException.notFound("no such subscriber " + subscriber);
        }
        return attachment.session();
    }

    void mustOwn(String subscriber) {
        if (!isOwn(subscriber)) {
            throw new HubException(
                    ErrorCode.NOT_ALLOWED, "subscriber " + subscriber + " belongs to another connection, or to none");
        }
    }

    /** The connection watches that session, and only watches it. */
    boolean onlyReads(String session) {
        boolean reads = false;
        for (Attachment attachment : live.values()) {
            if (attachment.session().equals(session)) {
                if (attachment.writes()) {
                    return false;
                }
                reads = true;
            }
        }
        return reads;
    }

    private void forgetOldest() {
        if (gone.size() > GONE_REMEMBERED) {
            Iterator<String> oldest = gone.iterator();
            oldest.next();
            oldest.remove();
        }
    }
}
