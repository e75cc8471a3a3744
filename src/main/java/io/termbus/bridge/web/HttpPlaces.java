package io.termbus.bridge.web;

import io.termbus.bridge.AddressLimits;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Which HTTP connections there are, of whom, and who makes room where there are as many as there may be: of the address
 * that has the most the one that has asked for nothing for longest, then the one that takes longest over its request or
 * answer. So an address can only take room from itself while it has more than others. On one event loop.
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

    private final int maxPerAddress;
    private final Predicate<String> unbounded;
    /** The one whose doing has lasted longest first. */
    private final Map<C, Place> places = new LinkedHashMap<>();

    private final Map<String, Integer> counts = new HashMap<>();

    /**
     * @param maxPerAddress the setting {@code http.maxPerAddress}
     * @param unbounded addresses that may have as many as there are: of this machine, of proxies
     */
    HttpPlaces(int maxPerAddress, Predicate<String> unbounded) {
        this.maxPerAddress = maxPerAddress;
        this.unbounded = unbounded;
    }

    /**
     * A connection of {@code address} has come. Where an empty answer is not enough for it, some other one must go.
     *
     * @param isFull whether there are as many of all addresses as there may be
     * @return who must go for it to {@link #enter}; the connection itself where nobody can
     */
    Optional<C> inTheWay(C connection, String address, BooleanSupplier isFull) {
        String network = AddressLimits.network(address);
        boolean tooMany = !unbounded.test(address) && counts.getOrDefault(network, 0) >= maxPerAddress;
        if (tooMany) {
            return Optional.of(oldestOf(network).orElse(connection));
        }
        return isFull.getAsBoolean() ? Optional.of(oldest().orElse(connection)) : Optional.empty();
    }

    void enter(C connection, String address) {
        String network = AddressLimits.network(address);
        places.put(connection, new Place(network, Doing.WAITING));
        counts.merge(network, 1, Integer::sum);
    }

    boolean has(C connection) {
        return places.containsKey(connection);
    }

    /** From now on it does something else. */
    void does(C connection, Doing doing) {
        Place place = places.remove(connection);
        if (place != null) {
            places.put(connection, new Place(place.network(), doing));
        }
    }

    /** @return whether it was there */
    boolean leave(C connection) {
        Place place = places.remove(connection);
        if (place == null) {
            return false;
        }
        counts.computeIfPresent(place.network(), (same, count) -> count > 1 ? count - 1 : null);
        return true;
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
