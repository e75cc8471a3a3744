package io.termbus.protocol;

import java.util.Optional;

/**
 * Which flow-control instance owns what: a session by the hash of its id, a subscriber by the first two
 * digits of its id.
 *
 * @param count number of instances on this node, 1..256
 */
public record FlowShards(int count) {
    private static final int DIGITS = 2;
    private static final int HEX = 16;

    public FlowShards {
        if (count < 1 || count > HEX * HEX) {
            throw new IllegalArgumentException("count must be 1..256, was " + count);
        }
    }

    /** Address of the instance that owns the session. */
    public String addressOfSession(String sessionId) {
        return Addresses.flowShard(Math.floorMod(sessionId.hashCode(), count));
    }

    /** Address of the instance that owns the subscriber; empty where no subscriber can have that id. */
    public Optional<String> addressOfSubscriber(String subscriberId) {
        if (subscriberId.length() <= DIGITS) {
            return Optional.empty();
        }
        int high = Character.digit(subscriberId.charAt(0), HEX);
        int low = Character.digit(subscriberId.charAt(1), HEX);
        int shard = high * HEX + low;
        return high < 0 || low < 0 || shard >= count ? Optional.empty() : Optional.of(Addresses.flowShard(shard));
    }

    /** Makes the id of a subscriber that belongs to {@code shard}. */
    public static String subscriberId(int shard, String random) {
        return String.format("%02x%s", shard, random);
    }
}
