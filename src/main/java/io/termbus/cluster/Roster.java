package io.termbus.cluster;

import io.termbus.protocol.Ids;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Who is there, for this node: whom the membership lists, and whoever answers this node itself. So a node that the
 * membership drops stays as long as it answers (a half cut, a membership that is being made anew), and one that comes
 * back after a partition is there as soon as it answers, however long the membership takes to merge. Nodes with another
 * admin token are strangers: known while they are listed, and never asked. Decides, and sends nothing. Any thread may
 * call.
 */
final class Roster {
    private static final long MILLI = 1_000_000L;
    /** A member that is not listed is asked so often; two questions without an answer and it is lost. */
    static final long ASK_MEMBER_NANOS = 1_000 * MILLI;

    static final int UNANSWERED = 2;
    /** One that is lost is asked so often, whether it is back. */
    static final long ASK_LOST_NANOS = 2_000 * MILLI;
    /** A node that is lost so long is taken for ended. If it is not, the membership will find it. */
    static final long FORGET_NANOS = 3_600_000 * MILLI;
    /** Questions of one round, so that they cost a node the same in a cluster of any size. */
    static final int ASKED_AT_ONCE = 8;
    /** Nodes that are lost, or that another node has told of, and are remembered: the oldest go. */
    static final int MAX_LOST = 1_000;

    /** What is told, in order, under a lock: it must not block. */
    interface Listener {
        void joined(Peer peer);

        void left(Peer peer);

        void stranger(Peer peer, boolean there);
    }

    private static final class Entry {
        private final Peer peer;
        private boolean listed;
        private boolean member;
        private int unanswered;
        private long askedAt;
        private long lostAt;

        Entry(Peer peer) {
            this.peer = peer;
        }
    }

    private final Peer self;
    private final LongSupplier nanoTime;
    private final Random random;
    private final Listener listener;
    /** By name; all but this node itself and strangers, in the order in which they came. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private volatile List<String> order = List.of();
    private volatile Map<String, Peer> strangers = Map.of();
    /** Members by the short form of their names, and lost ones. */
    private volatile Map<String, Peer> members = Map.of();

    private volatile Map<String, Peer> lost = Map.of();

    private volatile int fingerprint;

    Roster(Peer self, LongSupplier nanoTime, Random random, Listener listener) {
        this.self = self;
        this.nanoTime = nanoTime;
        this.random = random;
        this.listener = listener;
        this.order = List.of(self.name());
        this.fingerprint = self.name().hashCode();
    }

    Peer self() {
        return self;
    }

    /** What the membership lists now, oldest first. */
    synchronized void listed(List<Peer> now) {
        Map<String, Peer> others = new LinkedHashMap<>();
        Map<String, Peer> foreign = new LinkedHashMap<>();
        for (Peer peer : now) {
            if (!peer.name().equals(self.name())) {
                (isOurs(peer) ? others : foreign).put(peer.name(), peer);
            }
        }
        for (Entry entry : entries.values()) {
            if (entry.listed && !others.containsKey(entry.peer.name())) {
                entry.listed = false;
                entry.unanswered = 0;
                entry.askedAt = nanoTime.getAsLong() - ASK_MEMBER_NANOS;
            }
        }
        List<Peer> came = new ArrayList<>();
        for (Peer peer : others.values()) {
            Entry entry = entry(peer);
            entry.listed = true;
            if (isNews(entry)) {
                came.add(entry.peer);
            }
        }
        order = now.stream().map(Peer::name).toList();
        publish();
        came.forEach(listener::joined);
        strangers(foreign);
    }

    private void strangers(Map<String, Peer> foreign) {
        Map<String, Peer> before = strangers;
        strangers = Collections.unmodifiableMap(foreign);
        foreign.values().stream()
                .filter(each -> !before.containsKey(each.name()))
                .forEach(each -> listener.stranger(each, true));
        before.values().stream()
                .filter(each -> !foreign.containsKey(each.name()))
                .forEach(each -> listener.stranger(each, false));
    }

    private boolean isOurs(Peer peer) {
        return peer.tokenPrint().equals(self.tokenPrint());
    }

    private Entry entry(Peer peer) {
        return entries.computeIfAbsent(peer.name(), name -> new Entry(peer));
    }

    /** The node is there; whether it was not before. */
    private static boolean isNews(Entry entry) {
        boolean news = !entry.member;
        entry.unanswered = 0;
        entry.member = true;
        return news;
    }

    /** The node itself has asked, or answered. */
    synchronized void heard(Peer peer) {
        if (isOurs(peer) && !peer.name().equals(self.name())) {
            Entry entry = entry(peer);
            if (isNews(entry)) {
                publish();
                listener.joined(entry.peer);
            }
        }
    }

    /** Nothing listens any more where the node was: it has ended. */
    synchronized void refused(String name) {
        Entry entry = entries.get(name);
        if (entry != null && !entry.listed) {
            lose(entry);
            entries.remove(name);
            publish();
        }
    }

    /** Another node says that these are there; they are asked. */
    synchronized void rumoured(Collection<Peer> peers) {
        int before = entries.size();
        for (Peer peer : peers) {
            if (isOurs(peer) && !peer.name().equals(self.name()) && !entries.containsKey(peer.name())) {
                Entry entry = entry(peer);
                entry.lostAt = nanoTime.getAsLong();
                entry.askedAt = entry.lostAt - ASK_LOST_NANOS;
            }
        }
        if (entries.size() > before) {
            publish();
        }
    }

    /** Time has passed. Those who are to be asked now whether they are there. */
    synchronized List<Peer> toAsk() {
        long now = nanoTime.getAsLong();
        List<Entry> due = new ArrayList<>();
        int before = entries.size();
        for (Entry entry : List.copyOf(entries.values())) {
            if (entry.member
                    && !entry.listed
                    && entry.unanswered >= UNANSWERED
                    && now - entry.askedAt >= ASK_MEMBER_NANOS) {
                lose(entry);
            } else if (!entry.member && now - entry.lostAt >= FORGET_NANOS) {
                entries.remove(entry.peer.name());
            } else if (!entry.listed && now - entry.askedAt >= (entry.member ? ASK_MEMBER_NANOS : ASK_LOST_NANOS)) {
                due.add(entry);
            }
        }
        forgetOldest();
        if (entries.size() < before) {
            publish();
        }
        Collections.shuffle(due, random);
        // members first: what depends on them waits
        due.sort((one, other) -> Boolean.compare(other.member, one.member));
        List<Entry> asked = due.subList(0, Math.min(ASKED_AT_ONCE, due.size()));
        asked.forEach(entry -> {
            entry.askedAt = now;
            entry.unanswered++;
        });
        return asked.stream().map(entry -> entry.peer).toList();
    }

    private void lose(Entry entry) {
        if (entry.member) {
            entry.member = false;
            entry.lostAt = nanoTime.getAsLong();
            publish();
            listener.left(entry.peer);
        }
    }

    private void forgetOldest() {
        List<Entry> gone =
                entries.values().stream().filter(each -> !each.member).toList();
        gone.stream()
                .sorted((one, other) -> Long.compare(one.lostAt, other.lostAt))
                .limit(Math.max(0, gone.size() - MAX_LOST))
                .forEach(each -> entries.remove(each.peer.name()));
    }

    private void publish() {
        Map<String, Peer> there = new HashMap<>();
        Map<String, Peer> gone = new HashMap<>();
        int sum = self.name().hashCode();
        for (Entry each : entries.values()) {
            (each.member ? there : gone).put(each.peer.shortForm(), each.peer);
            sum += each.member ? each.peer.name().hashCode() : 0;
        }
        fingerprint = sum;
        members = Collections.unmodifiableMap(there);
        lost = Collections.unmodifiableMap(gone);
    }

    /** A member, by the short form of its name; not this node. */
    Optional<Peer> member(String shortForm) {
        return Optional.ofNullable(members.get(shortForm));
    }

    /** One that was a member. */
    Optional<Peer> lost(String shortForm) {
        return Optional.ofNullable(lost.get(shortForm));
    }

    Optional<Peer> stranger(String shortForm) {
        return strangers.values().stream()
                .filter(each -> each.shortForm().equals(shortForm))
                .findFirst();
    }

    /** Names of the members, this node among them: those that are listed in the order of the list, then the others. */
    List<String> names() {
        Map<String, Peer> there = members;
        List<String> names = new ArrayList<>();
        for (String name : order) {
            if (name.equals(self.name()) || there.containsKey(Ids.shortForm(name))) {
                names.add(name);
            }
        }
        if (!names.contains(self.name())) {
            names.add(0, self.name());
        }
        Set<String> listed = Set.copyOf(names);
        there.values().stream()
                .map(Peer::name)
                .filter(name -> !listed.contains(name))
                .sorted()
                .forEach(names::add);
        return names;
    }

    /** The same for the same members, this node among them. */
    int fingerprint() {
        return fingerprint;
    }

    /** The members but this node. */
    Collection<Peer> others() {
        return members.values();
    }

    List<String> lostNames() {
        return lost.values().stream().map(Peer::name).sorted().toList();
    }

    List<String> strangers() {
        return List.copyOf(strangers.keySet());
    }
}
