package io.termbus.protocol;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Unguessable ids: 128 random bits, 22 characters of base64url. None begins with a hyphen, as ids are
 * arguments of commands. That of a session begins with the short form of its node's name, so that nobody need look up
 * where it is. Any thread may call.
 */
public final class Ids {
    private static final int BYTES = 16;
    /** Of a session's id what follows its node: the random part and two digits, see {@link FlowShards}. */
    private static final int SESSION_CHARS = 24;
    /** What the names of nodes begin with, and their short forms do not. */
    public static final String NODE_PREFIX = "node-";
    /** What the first six bits of a hyphen are. */
    private static final int HYPHEN = 0xF8;

    /** A session's id, a hyphen and a number. No separators and no dots: it is the name of a file. */
    private static final Pattern RECORDING = Pattern.compile("([A-Za-z0-9_-]{1,200})-[1-9][0-9]{0,5}");

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static String next() {
        byte[] bytes = new byte[BYTES];
        do {
            RANDOM.nextBytes(bytes);
        } while ((bytes[0] & 0xFC) == HYPHEN);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The id of a new session of that node and of its flow-control instance {@code shard}. */
    public static String ofSession(String node, int shard) {
        return shortForm(node) + FlowShards.sessionId(shard, next());
    }

    /** What stands for the node in the ids of its sessions. */
    public static String shortForm(String node) {
        return node.startsWith(NODE_PREFIX) ? node.substring(NODE_PREFIX.length()) : node;
    }

    /** Short form of the node that has the session, if any has; empty where no session can have that id. */
    public static String ownerOf(String session) {
        return session.substring(0, Math.max(0, session.length() - SESSION_CHARS));
    }

    /** The session of a recording; neither need be there. Empty where no recording can have that id. */
    public static Optional<String> sessionOfRecording(String id) {
        Matcher matcher = RECORDING.matcher(id);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The id less the node's short form: what tells the sessions of one node apart. */
    public static String randomPart(String session) {
        return session.substring(ownerOf(session).length());
    }
}
