package io.termbus.auth;

import io.termbus.protocol.Grant;
import io.termbus.protocol.HubException;
import io.termbus.protocol.Ids;
import io.termbus.protocol.Role;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signed tokens for others, and which of them hold: a token is good while its signature and expiry are,
 * and its share is still known here. Any thread may call, but for what blocks.
 */
public final class Shares {
    /** Shares that hold at a time: a listing of them stays readable. */
    static final int MAX_LIVE = 1000;

    private static final String KEY_FILE = "share.key";
    private static final String LIST_FILE = "shares.json";
    private static final String ALGORITHM = "HS256";
    private static final String ISSUER = "termbus";

    /** A share and the token that was made for it, which is shown once. */
    record Issued(Share share, String token) {}

    private final JWTAuth jwt;
    private final ShareFile file;
    private final InstantSource clock;
    private final boolean clustered;
    private final Map<String, Share> live = new ConcurrentHashMap<>();
    /** Shares that were ended, and are in the file still. */
    private final Map<String, Share> ending = new ConcurrentHashMap<>();

    private volatile Optional<String> clockRemark = Optional.empty();
    /** Of a cluster only. */
    private final Map<String, Revocation> revoked = new ConcurrentHashMap<>();

    private Shares(JWTAuth jwt, ShareFile file, InstantSource clock, boolean clustered) {
        this.clustered = clustered;
        this.jwt = jwt;
        this.file = file;
        this.clock = clock;
    }

    /**
     * Reads the signing key and the shares of {@code home}; makes the key if need be, mode 0600. Blocks.
     *
     * @throws IOException where they cannot be read, or others may have written them
     */
    public static Shares of(Vertx vertx, Path home) throws IOException {
        return of(vertx, home, Optional.empty());
    }

    /** @param key signs the tokens, instead of that of {@code home} */
    public static Shares of(Vertx vertx, Path home, Optional<String> key) throws IOException {
        return of(vertx, home, key, InstantSource.system());
    }

    static Shares of(Vertx vertx, Path home, Optional<String> given, InstantSource clock) throws IOException {
        String key = given.isPresent() ? given.get() : new TokenFile(home.resolve(KEY_FILE)).readOrCreate();
        JWTAuth jwt = JWTAuth.create(
                vertx,
                new JWTAuthOptions()
                        .addPubSecKey(
                                new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(key))
                        // the share says until when, by the clock of this class
                        .setJWTOptions(new JWTOptions().setIssuer(ISSUER).setIgnoreExpiration(true)));
        Shares shares = new Shares(jwt, new ShareFile(home.resolve(LIST_FILE)), clock, given.isPresent());
        shares.file.dropAbandoned();
        shares.merge(new JsonArray(shares.file.read()));
        return shares;
    }

    /** What {@code token} gives; empty where it is none of this hub's, has expired or was revoked. Does not block. */
    public Optional<Grant> grantOf(String token) {
        return signed(token)
                .flatMap(user -> Optional.ofNullable(live.get(user.<String>get("jti"))))
                .filter(share -> share.expiresAt().isAfter(clock.instant()))
                .map(Share::grant);
    }

    /** Who a token of this hub stands for; an expired one too. */
    private Optional<User> signed(String token) {
        if (!TokenSpelling.isExact(token)) {
            return Optional.empty();
        }
        // Keys are at hand, so the answer is there at once.
        User user =
                jwt.authenticate(new TokenCredentials(token)).otherwiseEmpty().result();
        return Optional.ofNullable(user)
                .filter(it -> it.<Object>get("jti") instanceof String && it.<Object>get("exp") instanceof Number);
    }

    /** Why {@link #grantOf} refuses a token, as far as whoever has it may know. Does not block. */
    String refusal(String token) {
        Instant now = clock.instant();
        return signed(token)
                .map(user -> Instant.ofEpochSecond(user.<Number>get("exp").longValue()))
                .filter(until -> !until.isAfter(now))
                .map(until -> "the token has expired "
                        + Duration.between(until, now).toSeconds() + " s ago by the clock of this node"
                        + clockRemark.map(remark -> "; " + remark).orElse(""))
                .orElse("wrong token");
    }

    /** @param remark how this node's clock differs from another's; empty: it does not, as far as is known */
    void clockDiffers(Optional<String> remark) {
        clockRemark = remark;
    }

    /** Whether the share is known and not revoked. Does not block. */
    boolean holds(String id) {
        return live.containsKey(id);
    }

    /** Makes a token. {@link #save} should follow. */
    Issued issue(Optional<String> session, Role role, Duration lifetime, String createdBy) {
        dropExpired();
        if (live.size() >= MAX_LIVE) {
            throw HubException.limit("live shares", MAX_LIVE + " shares hold already; revoke some");
        }
        // JWT counts in seconds; the last one is given whole
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Share share =
                new Share(Ids.next(), session, role, now, now.plus(lifetime).plusSeconds(1), createdBy);
        JsonObject claims = new JsonObject()
                .put("jti", share.id())
                .put("role", role.toString())
                .put("exp", share.expiresAt().getEpochSecond());
        session.ifPresent(it -> claims.put("session", it));
        // a node whose clock is behind would refuse a token of a later time; the share knows when it was made
        JWTOptions options =
                new JWTOptions().setAlgorithm(ALGORITHM).setIssuer(ISSUER).setNoTimestamp(true);
        String token = jwt.generateToken(claims, options);
        live.put(share.id(), share);
        return new Issued(share, token);
    }

    /** Takes back what {@link #issue} made: nobody got its token. {@link #save} should follow. */
    void withdraw(String id) {
        live.remove(id);
    }

    /**
     * Ends a share; its token gives nothing from now on. {@link #save} should follow: until then this can be called again,
     * as it would hold again after a start.
     */
    Share revoke(String id) {
        Share share = live.remove(id);
        if (share == null) {
            return Optional.ofNullable(ending.get(id)).orElseThrow(() -> HubException.notFound("no such share " + id));
        }
        ending.put(id, share);
        if (clustered) {
            revoked.put(id, new Revocation(id, share.expiresAt()));
        }
        return share;
    }

    /** All that is known: shares and revocations, for a file or another node. */
    JsonArray state() {
        dropExpired();
        JsonArray all = new JsonArray();
        list().forEach(share -> all.add(share.toJson()));
        revoked.values().forEach(revocation -> all.add(revocation.toJson()));
        return all;
    }

    /**
     * Adds what another node, or the file, knows. What was revoked anywhere stays revoked, in whatever order it comes.
     *
     * @return ids of shares that held here and hold no more
     */
    List<String> merge(JsonArray state) {
        List<String> ended = new ArrayList<>();
        List<JsonObject> entries = state.stream().map(JsonObject.class::cast).toList();
        entries.stream().filter(Revocation::isOne).map(Revocation::of).forEach(revocation -> {
            revoked.put(revocation.id(), revocation);
            if (live.remove(revocation.id()) != null) {
                ended.add(revocation.id());
            }
        });
        entries.stream()
                .filter(entry -> !Revocation.isOne(entry))
                .map(Share::of)
                .filter(share -> !revoked.containsKey(share.id()))
                .forEach(share -> live.put(share.id(), share));
        return ended;
    }

    /** Those that hold, oldest first. */
    List<Share> list() {
        dropExpired();
        return live.values().stream()
                .sorted(Comparator.comparing(Share::createdAt).thenComparing(Share::id))
                .toList();
    }

    /** Writes down which shares hold; on the disk when it returns. Blocks. */
    void save() throws IOException {
        Set<String> ended = Set.copyOf(ending.keySet());
        file.write(state());
        ending.keySet().removeAll(ended);
    }

    /** Where they are written down. */
    Path file() {
        return file.path();
    }

    private void dropExpired() {
        Instant now = clock.instant();
        live.values().removeIf(share -> !share.expiresAt().isAfter(now));
        ending.values().removeIf(share -> !share.expiresAt().isAfter(now));
        revoked.values().removeIf(revocation -> !revocation.until().isAfter(now));
    }
}
