package io.termbus.bridge;

import io.termbus.protocol.HubException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Who may be connected: {@code connection.max} of all, {@code connection.maxPerAddress} of an address. Where one of them is
 * reached, a connection that has not logged in makes room for a new one: the oldest of the address that has the most of
 * those, so that who never logs in keeps nobody out for long, and others least of all. Any thread may call.
 */
public final class Admission {
    /** A connection that was admitted. */
    final class Place {
        private final String address;
        private final String network;
        private final Runnable giveWay;
        private boolean left;

        private Place(String address, Runnable giveWay) {
            this.address = address;
            this.network = AddressLimits.network(address);
            this.giveWay = giveWay;
        }

        /** It has not logged in, and may have to make room. */
        void waitsForLogin() {
            synchronized (Admission.this) {
                if (!left) {
                    newcomers.add(this);
                }
            }
        }

        /** Nobody takes its place any more. */
        void loggedIn() {
            synchronized (Admission.this) {
                newcomers.remove(this);
            }
        }

        /** Idempotent; also where it has made room. */
        void leave() {
            synchronized (Admission.this) {
                if (!left) {
                    left = true;
                    newcomers.remove(this);
                    addresses.leave(address);
                    slots.release();
                }
            }
        }
    }

    private final ConnectionSlots slots;
    private final AddressLimits addresses;
    /** The oldest first. */
    private final Set<Place> newcomers = new LinkedHashSet<>();

    Admission(ConnectionSlots slots, AddressLimits addresses) {
        this.slots = slots;
        this.addresses = addresses;
    }

    /**
     * Admits a connection; {@link Place#leave} must follow.
     *
     * @param address IP address; empty: a Unix socket
     * @param giveWay called, on any thread, when its place was given to another one
     * @throws HubException where a limit is reached and nobody makes room
     */
    synchronized Place enter(String address, Runnable giveWay) {
        takeSlot();
        try {
            countAddress(address);
        } catch (HubException e) {
            slots.release();
            throw e;
        }
        return new Place(address, giveWay);
    }

    private void takeSlot() {
        if (!slots.tryTake()) {
            makeRoom(oldestOfTheMany())
                    .orElseThrow(() ->
                            HubException.limit("connection.max", "the hub has as many connections as it may have"));
            takeSlot();
        }
    }

    private void countAddress(String address) {
        try {
            addresses.enter(address);
        } catch (HubException e) {
            String network = AddressLimits.network(address);
            makeRoom(oldest(each -> each.network.equals(network))).orElseThrow(() -> e);
            addresses.enter(address);
        }
    }

    private static Optional<Place> makeRoom(Optional<Place> who) {
        who.ifPresent(place -> {
            place.leave();
            place.giveWay.run();
        });
        return who;
    }

    private Optional<Place> oldestOfTheMany() {
        return newcomers.stream()
                .collect(Collectors.groupingBy(each -> each.network, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .flatMap(most -> oldest(each -> each.network.equals(most.getKey())));
    }

    private Optional<Place> oldest(Predicate<Place> wanted) {
        return newcomers.stream().filter(wanted).findFirst();
    }
}
