package io.termbus.protocol;

import java.util.Optional;

/**
 * Which flow-control instance owns what: a session by the last two digits of its id, a subscriber by the first two
 * digits of its id. Instance n is at home on event loop n, and so are its sessions.
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

    /** Address of the instance that owns the session; one of them for whatever id. */
    public String addressOfSession(String sessionId) {
        return Addresses.flowShard(shardOfSession(sessionId));
    }

    /** Number of the instance that owns the session. */
    public int shardOfSession(String sessionId) {
        int from = sessionId.length() - DIGITS;
        int shard = from < 0 ? -1 : number(sessionId, from);
        return Math.floorMod(shard < 0 ? sessionId.hashCode() : shard, count);
    }

    /** Makes the id of a session that belongs to {@code shard}. */
    public static String sessionId(int shard, String random) {
        return random + digits(shard);
    }

    /** Address of the instance that owns the subscriber; empty where no subscriber can have that id. */
    public Optional<String> addressOfSubscriber(String subscriberId) {
        if (subscriberId.length() <= DIGITS) {
            return Optional.empty();
        }
        int shard = number(subscriberId, 0);
        return shard < 0 || shard >= count ? Optional.empty() : Optional.of(Addresses.flowShard(shard));
    }

    /** Makes the id of a subscriber that belongs to {@code shard}. */
    public static String subscriberId(int shard, String random) {
        return digits(shard) + random;
    }

    private static String digits(int shard) {
        return "" + Character.forDigit(shard / HEX, HEX) + Character.forDigit(shard % HEX, HEX);
    }

    /** What two hex digits of the id say; negative where they are none. */
    private static int number(String id, int from) {
        int high = Character.digit(id.charAt(from), HEX);
        int low = Character.digit(id.charAt(from + 1), HEX);
        return high < 0 || low < 0 ? -1 : high * HEX + low;
    }
}
