package io.termbus.bridge;

import io.netty.util.NetUtil;
import io.termbus.protocol.HubException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * What one client address may do, over all transports and event loops: so many connections, and so many wrong
 * tokens before others of its wrong ones are not worth an answer. A right token is not held up: behind one address may
 * be many people. Any thread may call.
 */
public final class AddressLimits {
    static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    /** Wrong tokens are forgotten when none came for so long. */
    static final Duration MEMORY = Duration.ofMinutes(10);
    /** Addresses whose wrong tokens are remembered; the one that erred longest ago is forgotten first. */
    static final int MAX_REMEMBERED = 10_000;
    /** Between two lines of the audit log for the logins of somebody whose every request is one. */
    static final Duration SEEN = Duration.ofHours(1);
    /** Between two lines of the audit log for wrong signed tokens of an address. */
    static final long LOG_NANOS = 1_000_000_000;

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|::1|0:0:0:0:0:0:0:1(%.*)?");

    private static final Pattern SIGNED = Pattern.compile("eyJ[\\w-]*\\.eyJ[\\w-]*\\.[\\w-]{43}");

    /** Of an IPv6 address a network gives its customers all of what follows: they are one address here. */
    private static final int IPV6_NETWORK_BYTES = 8;

    private record FailedLogins(int count, long lastNanos, long blockedUntilNanos) {}

    private final int maxConnections;
    private final int maxFailures;
    private final LongSupplier nanoTime;
    private final Map<String, Integer> connections = new HashMap<>();
    private final Map<String, FailedLogins> failures = new LinkedHashMap<>();
    /** When a wrong signed token of an address was logged, the newest last. */
    private final Map<String, Long> logged = new LinkedHashMap<>();
    /** When the login of a payer was logged who logs in with each request, the newest last. */
    private final Map<String, Long> seen = new LinkedHashMap<>();

    /**
     * @param maxConnections the setting {@code connection.maxPerAddress}; loopback addresses have no such limit
     * @param maxFailures the setting {@code auth.maxFailures}
     */
    public AddressLimits(int maxConnections, int maxFailures) {
        this(maxConnections, maxFailures, System::nanoTime);
    }

    AddressLimits(int maxConnections, int maxFailures, LongSupplier nanoTime) {
        this.maxConnections = maxConnections;
        this.maxFailures = maxFailures;
        this.nanoTime = nanoTime;
    }

    /**
     * A connection begins; {@link #leave} must follow.
     *
     * @param address IP address; empty: a Unix socket, which has no limits
     * @throws HubException where the address has as many as it may; nothing must follow then
     */
    synchronized void enter(String given) {
        String address = network(given);
        int now = connections.getOrDefault(address, 0);
        if (now >= maxConnections && !address.isEmpty() && !isLoopback(given)) {
            throw HubException.limit("connection.maxPerAddress", "this address has as many connections as it may have");
        }
        connections.put(address, now + 1);
    }

    synchronized void leave(String address) {
        connections.computeIfPresent(network(address), (same, count) -> count > 1 ? count - 1 : null);
    }

    /** Whether {@code address} is of this machine alone. */
    public static boolean isLoopback(String address) {
        return LOOPBACK.matcher(address).matches();
    }

    /** What an address counts as: itself, or the /64 of an IPv6 address. What is no address is left as it is. */
    public static String network(String address) {
        if (address.indexOf(':') < 0 || isLoopback(address)) {
            return address;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address.replaceFirst("%.*", ""));
        if (bytes == null) {
            return address;
        }
        Optional<String> mapped = mapped(bytes);
        return mapped.orElseGet(() -> HexFormat.of().formatHex(bytes, 0, IPV6_NETWORK_BYTES) + "/64");
    }

    /** The IPv4 address that is written as one of IPv6. */
    private static Optional<String> mapped(byte[] bytes) {
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return address instanceof Inet4Address ? Optional.of(address.getHostAddress()) : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /**
     * Call when a token was wrong, before {@link #failed(String, String)}.
     *
     * @throws HubException where the address must wait before it may try another one
     */
    public synchronized void checkMayTry(String address) {
        FailedLogins known = failures.get(network(address));
        long left = known == null ? 0 : known.blockedUntilNanos - nanoTime.getAsLong();
        if (left > 0) {
            long seconds = Math.max(1, Duration.ofNanos(left).toSeconds());
            throw HubException.limit(
                    "auth.maxFailures", "too many wrong tokens from this address: wait " + seconds + " s");
        }
    }

    /**
     * A wrong token came. A signed one is passed over: nobody guesses a signature of 256 bits, and a browser sends the
     * cookie of a share that has ended again and again.
     */
    public void failed(String address, String token) {
        if (!SIGNED.matcher(token).matches()) {
            failed(address);
        }
    }

    synchronized void failed(String given) {
        String address = network(given);
        if (address.isEmpty()) {
            return;
        }
        long now = nanoTime.getAsLong();
        FailedLogins known = failures.get(address);
        boolean fresh = known != null && now - known.lastNanos < MEMORY.toNanos();
        int count = fresh ? known.count + 1 : 1;
        remember(
                failures,
                address,
                new FailedLogins(count, now, now + waitAfter(count).toNanos()));
    }

    /**
     * Whether a wrong token is worth a line of the audit log. Signed ones, which may come without end, are once a second for
     * each address, or they could wash everything else out of the log.
     */
    public synchronized boolean mayLog(String given, String token) {
        String address = network(given);
        if (!SIGNED.matcher(token).matches()) {
            return true;
        }
        long now = nanoTime.getAsLong();
        Long last = logged.get(address);
        if (last != null && now - last < LOG_NANOS) {
            return false;
        }
        remember(logged, address, now);
        return true;
    }

    /** Whether whoever logs in with each request has not done so for an hour, as far as is remembered. */
    synchronized boolean isNew(String payer) {
        long now = nanoTime.getAsLong();
        Long last = seen.get(payer);
        if (last != null && now - last < SEEN.toNanos()) {
            return false;
        }
        remember(seen, payer, now);
        return true;
    }

    /** As the newest one; beyond the limit the oldest is forgotten. */
    private static <T> void remember(Map<String, T> known, String address, T fact) {
        known.remove(address);
        known.put(address, fact);
        if (known.size() > MAX_REMEMBERED) {
            known.remove(known.keySet().iterator().next());
        }
    }

    /** A right token came. A signed one is passed over here too: a guest could else guess on between its own logins. */
    public void succeeded(String address, String token) {
        if (!SIGNED.matcher(token).matches()) {
            succeeded(address);
        }
    }

    synchronized void succeeded(String address) {
        failures.remove(network(address));
    }

    /** None for the first ones, then twice as long each time. */
    private Duration waitAfter(int count) {
        int beyond = count - maxFailures;
        if (beyond < 0) {
            return Duration.ZERO;
        }
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(beyond, 10));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }
}
