package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * One subscriber as its client sees it. Every delivery that is taken is checked: {@code seq} counts without
 * gaps, and output begins where the delivery before it ended.
 */
final class Subscription {
    private final Client client;
    private final String id;
    private final String address;
    private MessageDigest digest;
    private final List<JsonObject> warnings = new ArrayList<>();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

    private boolean acks = true;
    private long seq;
    private long offset = -1;
    private long outputBytes;
    private int snapshots;

    Subscription(Client client, String id, String address) {
        this.client = client;
        this.id = id;
        this.address = address;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String id() {
        return id;
    }

    Subscription neverAcks() {
        acks = false;
        return this;
    }

    /** Output must go on from here. */
    Subscription startingAt(long from) {
        offset = from;
        return this;
    }

    /** Output is digested into {@code whole} instead, which may span subscribers. */
    Subscription digestedInto(MessageDigest whole) {
        digest = whole;
        return this;
    }

    /** The next delivery, of whatever kind; its kind. */
    String next() throws Exception {
        return take().getJsonObject("headers").getString("kind");
    }

    /** Takes deliveries until one of this kind, which it returns. */
    JsonObject until(String kind) throws Exception {
        JsonObject delivery = take();
        while (!kind.equals(delivery.getJsonObject("headers").getString("kind"))) {
            delivery = take();
        }
        return delivery;
    }

    /** Takes deliveries until all that came, a snapshot included, holds {@code wanted}. */
    void untilText(String wanted) throws Exception {
        while (!text.toString(StandardCharsets.UTF_8).contains(wanted)) {
            take();
        }
    }

    /** What a client that took everything saw. */
    record Seen(long bytes, String sha256, int snapshots, JsonObject exit) {}

    /** Takes all that comes until the exit. */
    Seen toTheEnd() throws Exception {
        JsonObject exit = until("exit").getJsonObject("body");
        return new Seen(outputBytes(), sha256(), snapshots(), exit);
    }

    /** Takes deliveries until it is disconnected; why. */
    String untilDisconnected() throws Exception {
        return until("disconnected").getJsonObject("body").getString("reason");
    }

    /** Takes deliveries until a warning of this level has come. */
    void untilLevel(String level) throws Exception {
        while (!levels().contains(level)) {
            next();
        }
    }

    /** Levels of the warnings so far. */
    List<String> levels() {
        return warnings.stream().map(warning -> warning.getString("level")).toList();
    }

    /** Forgets the text and the digest of what came; offset and seq stay. */
    void startOver() {
        digest.reset();
        text.reset();
        outputBytes = 0;
    }

    long offset() {
        return offset;
    }

    long outputBytes() {
        return outputBytes;
    }

    int snapshots() {
        return snapshots;
    }

    /** SHA-256 of the output since the start, in hexadecimal; starts over. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    JsonObject status(Client asking) throws Exception {
        return asking.request(Client.FLOW, "status", new JsonObject().put("subscriber", id));
    }

    /** The next delivery, of whatever kind. */
    JsonObject take() throws Exception {
        JsonObject delivery = client.next(message -> address.equals(message.getString("address")));
        assertThat(delivery.getString("type")).as(delivery.encode()).isNotEqualTo("err");
        JsonObject headers = delivery.getJsonObject("headers");
        switch (headers.getString("kind")) {
            case "output", "snapshot" -> counted(headers, delivery.getString("body"));
            case "warning" -> warnings.add(delivery.getJsonObject("body"));
            default -> assertThat(headers.fieldNames()).doesNotContain("seq", "offset");
        }
        return delivery;
    }

    private void counted(JsonObject headers, String body) throws Exception {
        byte[] bytes = Base64.getUrlDecoder().decode(body);
        assertThat(Long.parseLong(headers.getString("seq"))).isEqualTo(seq + 1);
        seq++;
        long end = Long.parseLong(headers.getString("offset"));
        if (headers.getString("kind").equals("snapshot")) {
            snapshots++;
        } else {
            assertThat(offset == -1 ? end - bytes.length : offset).isEqualTo(end - bytes.length);
            digest.update(bytes);
            outputBytes += bytes.length;
        }
        text.writeBytes(bytes);
        offset = end;
        if (acks) {
            client.tell(
                    Client.FLOW, "ack", new JsonObject().put("subscriber", id).put("seq", seq));
        }
    }
}
