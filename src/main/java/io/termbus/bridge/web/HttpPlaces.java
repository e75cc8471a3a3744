package io.termbus.bridge.web;

import io.termbus.bridge.AddressLimits;
import io.termbus.bridge.ConnectionSlots;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which HTTP connections there are, of whom, and who makes room where there are as many as there may be: of the address
 * that has the most the one that has asked for nothing for longest, then the one that takes longest over its request or
 * answer. So an address can only take room from itself while it has more than others. Of all event loops together; any
 * thread may call.
 *
 * @param <C> a connection
 */
final class HttpPlaces<C> {
    /** What a connection is about. */
    enum Doing {
        /** Its next request, or the rest of the head of one, has yet to come. */
        WAITING,
        /** A request is being sent or answered. */
        BUSY,
        /** A poll or stream of the bus, which other limits hold for: it makes no room. */
        POLLING
    }

    private record Place(String network, Doing doing) {}

    private final ConnectionSlots slots;
    private final int maxPerAddress;
    private final Predicate<String> unbounded;
    /** The one whose doing has lasted longest first. */
    private final Map<C, Place> places = new LinkedHashMap<>();

    private final Map<String, Integer> counts = new HashMap<>();

    /**
     * @param slots the {@code http.maxConnections} connections of this node; nobody else takes them
     * @param maxPerAddress the setting {@code http.maxPerAddress}
     * @param unbounded addresses that may have as many as there are: of this machine, of proxies
     */
    HttpPlaces(ConnectionSlots slots, int maxPerAddress, Predicate<String> unbounded) {
        this.slots = slots;
        this.maxPerAddress = maxPerAddress;
        this.unbounded = unbounded;
    }

    /**
     * A connection of {@code address} has come. Where nobody can make room for it, it gets no place: see {@link #has}.
     *
     * @return who had to leave for it, and must be closed
     */
    synchronized List<C> enter(C connection, String address) {
        String network = AddressLimits.network(address);
        List<C> gone = new ArrayList<>();
        while (hasTooMany(address, network) || !slots.tryTake()) {
            Optional<C> other = hasTooMany(address, network) ? oldestOf(network) : oldest();
            if (other.isEmpty()) {
                return gone;
            }
            leave(other.get());
            gone.add(other.get());
        }
        places.put(connection, new Place(network, Doing.WAITING));
        counts.merge(network, 1, Integer::sum);
        return gone;
    }

    private boolean hasTooMany(String address, String network) {
        return counts.getOrDefault(network, 0) >= maxPerAddress && !unbounded.test(address);
    }

    synchronized boolean has(C connection) {
        return places.containsKey(connection);
    }

    /** From now on it does something else. */
    synchronized void does(C connection, Doing doing) {
        Place place = places.remove(connection);
        if (place != null) {
            places.put(connection, new Place(place.network(), doing));
        }
    }

    /** Its place is another one's. Idempotent. */
    synchronized void leave(C connection) {
        Place place = places.remove(connection);
        if (place != null) {
            counts.computeIfPresent(place.network(), (same, count) -> count > 1 ? count - 1 : null);
            slots.release();
        }
    }

    private Optional<C> oldest() {
        return counts.entrySet().stream()
                .max(Comparator.comparingInt(Map.Entry::getValue))
                .flatMap(most -> oldestOf(most.getKey()))
                .or(() -> first(place -> place.doing() == Doing.WAITING))
                .or(() -> first(place -> place.doing() == Doing.BUSY));
    }

    private Optional<C> oldestOf(String network) {
        Predicate<Place> theirs = place -> place.network().equals(network);
        return first(theirs.and(place -> place.doing() == Doing.WAITING))
                .or(() -> first(theirs.and(place -> place.doing() == Doing.BUSY)));
    }

    private Optional<C> first(Predicate<Place> wanted) {
        return places.entrySet().stream()
                .filter(each -> wanted.test(Objects.requireNonNull(each.getValue())))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
