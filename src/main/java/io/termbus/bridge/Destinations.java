package io.termbus.bridge;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;

/** The addresses that clients may send to. All others are closed to them, whether they exist or not. */
final class Destinations {
    private Destinations() {}

    static void checkMaySend(String address) {
        boolean open = address.equals(Addresses.HUB) || address.equals(Addresses.FLOW) || Addresses.isSession(address);
        if (!open) {
            throw forbidden("send to", address);
        }
    }

    static HubException notForListening(String address) {
        return forbidden("register at", address);
    }

    private static HubException forbidden(String verb, String address) {
        return new HubException(ErrorCode.NOT_ALLOWED, "no client may " + verb + " " + address);
    }
}
