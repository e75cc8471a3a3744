package io.termbus.flow.edge;

import io.termbus.flow.output.Outlet;
import io.termbus.protocol.LinkMessage.FromOwner;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** The links of one flow-control instance to sessions of other nodes. On its event loop. */
public final class EdgeLinks {
    /** How long subscribers wait for an owner that is gone, before they are told. */
    public static final Duration GRACE = Duration.ofSeconds(10);
    /** After this process itself stood still it must find its way back into the cluster first. */
    static final Duration GRACE_AFTER_STANDSTILL = Duration.ofSeconds(60);

    static final Duration TICK = Duration.ofMillis(500);
    /** A tick that comes so late says that the process stood still. */
    static final Duration STANDSTILL = Duration.ofSeconds(3);

    private final String node;
    private final String address;
    private final Outlet clock;
    private final Function<String, EdgeLink> maker;
    private final Consumer<EdgeLink> gone;
    private final LinkBus bus;
    private final Map<String, EdgeLink> bySession = new HashMap<>();
    private final Map<String, EdgeLink> byId = new HashMap<>();
    /** By the address of the owner's instance. */
    private final Map<String, EdgeChecks> checks = new HashMap<>();
    /** How many messages came from each owner. */
    private final Map<String, Long> heard = new HashMap<>();

    private long lastTick;
    private long patientUntil;

    /**
     * @param node name of this node
     * @param address where owners are to send to
     * @param maker makes the link to a session
     * @param gone told when a link is closed
     */
    public EdgeLinks(
            String node,
            String address,
            Outlet clock,
            LinkBus bus,
            Function<String, EdgeLink> maker,
            Consumer<EdgeLink> gone) {
        this.node = node;
        this.address = address;
        this.clock = clock;
        this.bus = bus;
        this.maker = maker;
        this.gone = gone;
        this.lastTick = clock.nanoTime();
        this.patientUntil = lastTick;
        clock.after(TICK.toNanos(), this::tick);
    }

    private void tick() {
        long now = clock.nanoTime();
        if (now - lastTick > STANDSTILL.toNanos()) {
            patientUntil = now + GRACE_AFTER_STANDSTILL.toNanos();
        }
        lastTick = now;
        clock.after(TICK.toNanos(), this::tick);
    }

    /** Nanoseconds that a link may stay lost. A tick that is overdue counts as one that came late. */
    public long grace() {
        long now = clock.nanoTime();
        boolean patient = now < patientUntil || now - lastTick > STANDSTILL.toNanos();
        return (patient ? GRACE_AFTER_STANDSTILL : GRACE).toNanos();
    }

    String node() {
        return node;
    }

    String address() {
        return address;
    }

    /** The link to a session, made where there is none. */
    public EdgeLink link(String session) {
        return bySession.computeIfAbsent(session, maker);
    }

    public boolean has(String session) {
        return bySession.containsKey(session);
    }

    /** What comes on a link that is no more is passed over. */
    public void received(FromOwner message) {
        EdgeLink link = byId.get(message.link());
        if (link != null) {
            heard.merge(link.owner(), 1L, Long::sum);
            link.received(message);
        }
    }

    /** How many messages came from that node, on all links: more than before says that it lives. */
    long heard(String name) {
        return heard.getOrDefault(name, 0L);
    }

    public void nodeLeft(String name) {
        heard.remove(name);
        List.copyOf(bySession.values()).forEach(each -> each.ownerLeft(name));
    }

    /** The link has got its present id. */
    void opens(EdgeLink link) {
        byId.put(link.id(), link);
    }

    /** The link's present id is void. */
    void closes(EdgeLink link) {
        byId.remove(link.id());
    }

    /** From now on the owner is asked about it. */
    void isOpen(EdgeLink link) {
        checks.computeIfAbsent(
                        link.ownerAddress(),
                        owner -> new EdgeChecks(owner, this, clock, bus, () -> checks.remove(owner)))
                .add(link);
    }

    /** Idempotent. */
    void isOpenNoMore(EdgeLink link) {
        EdgeChecks with = checks.get(link.ownerAddress());
        if (with != null) {
            with.remove(link);
        }
    }

    void forget(EdgeLink link) {
        closes(link);
        bySession.remove(link.session(), link);
        gone.accept(link);
    }
}
