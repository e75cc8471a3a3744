package io.termbus.e2e;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A shell script whose output is known: it says {@link #READY}, waits for a line, then counts. */
final class Flood {
    static final int LINES = 1_000_000;
    static final String READY = "ready to count";
    static final int EXIT_CODE = 7;
    static final String SCRIPT = "stty -echo; echo " + READY + "; read go; seq 1 " + LINES + "; exit " + EXIT_CODE;
    /** What makes the script go. */
    static final String GO = "\n";

    private Flood() {}

    /** Attaches without skipping and waits until the script is ready; what comes from now on counts. */
    static Subscription ready(Client client, String session) throws Exception {
        Subscription subscription = client.attach(session, new JsonObject().put("lag", "block"));
        subscription.untilText(READY + "\r\n");
        subscription.startOver();
        return subscription;
    }

    /** SHA-256 of what comes after {@link #GO}, in hexadecimal. */
    static String sha256() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int line = 1; line <= LINES; line++) {
            digest.update((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
