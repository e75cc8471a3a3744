package io.termbus.protocol;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Unguessable ids: 128 random bits, 22 characters of base64url. None begins with a hyphen, as ids are
 * arguments of commands. That of a session begins with the short form of its node's name, so that nobody need look up
 * where it is. Any thread may call.
 */
public final class Ids {
    private static final int BYTES = 16;
    /** Of the random part, which is all of an id that is not a session's. */
    private static final int CHARS = 22;
    /** What the names of nodes begin with, and their short forms do not. */
    public static final String NODE_PREFIX = "node-";
    /** What the first six bits of a hyphen are. */
    private static final int HYPHEN = 0xF8;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static String next() {
        byte[] bytes = new byte[BYTES];
        do {
            RANDOM.nextBytes(bytes);
        } while ((bytes[0] & 0xFC) == HYPHEN);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The id of a new session of that node. */
    public static String ofSession(String node) {
        return shortForm(node) + next();
    }

    /** What stands for the node in the ids of its sessions. */
    public static String shortForm(String node) {
        return node.startsWith(NODE_PREFIX) ? node.substring(NODE_PREFIX.length()) : node;
    }

    /** Short form of the node that has the session, if any has; empty where no session can have that id. */
    public static String ownerOf(String session) {
        return session.substring(0, Math.max(0, session.length() - CHARS));
    }

    /** The id less the node's short form: what tells the sessions of one node apart. */
    public static String randomPart(String session) {
        return session.substring(ownerOf(session).length());
    }
}
