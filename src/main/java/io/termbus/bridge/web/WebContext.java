package io.termbus.bridge.web;

import io.termbus.bridge.AddressLimits;
import io.termbus.bridge.BridgeContext;
import io.termbus.config.HubConfig;
import io.vertx.core.http.HttpConnection;

/** What the web verticles of this node share, one for each event loop. */
public final class WebContext {
    final BridgeContext hub;
    final HttpPlaces<HttpConnection> places;
    final PollingSessions sessions = new PollingSessions();

    public WebContext(BridgeContext hub) {
        this.hub = hub;
        HubConfig config = hub.config();
        this.places = new HttpPlaces<>(
                hub.httpSlots(),
                config.http().maxPerAddress(),
                address -> AddressLimits.isLoopback(address)
                        || config.proxy().addresses().contains(address));
    }
}
