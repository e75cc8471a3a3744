package io.termbus.bridge;

import io.termbus.protocol.Addresses;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;

/** Tells apart addresses that exist but are closed to clients from those that do not exist. */
final class Destinations {
    private static final String INTERNAL_PREFIX = "termbus.internal.";

    private Destinations() {}

    static HubException notForCommands(String address) {
        boolean topic = address.equals(Addresses.WARNINGS) || address.equals(Addresses.EVENTS);
        return topic || Addresses.isOut(address) || isInternal(address)
                ? forbidden("send to", address)
                : unknown(address);
    }

    static HubException notForListening(String address) {
        boolean command = address.equals(Addresses.HUB) || address.equals(Addresses.FLOW);
        return command || Addresses.isSession(address) || isInternal(address)
                ? forbidden("register at", address)
                : unknown(address);
    }

    private static boolean isInternal(String address) {
        return address.startsWith(INTERNAL_PREFIX);
    }

    private static HubException forbidden(String verb, String address) {
        return new HubException(ErrorCode.NOT_ALLOWED, "no client may " + verb + " " + address);
    }

    private static HubException unknown(String address) {
        return HubException.notFound("no such address " + address);
    }
}
