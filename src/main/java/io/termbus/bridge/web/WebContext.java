package io.termbus.bridge.web;

import io.termbus.bridge.AddressLimits;
import io.termbus.bridge.BridgeContext;
import io.termbus.bridge.ConnectionSlots;
import io.termbus.config.HubConfig;
import io.termbus.protocol.HubException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.Router;

/** What the web verticles of this node share, one for each event loop. */
public final class WebContext {
    final BridgeContext hub;
    final HttpPlaces<HttpConnection> places;
    final PollingSessions sessions = new PollingSessions();
    /** Requests of MCP, each of which is a connection for as long as it lasts: half of all, so that people get in, too. */
    final ConnectionSlots mcpSlots;

    /** A quarter of them for each payer, so that other agents get in, too. */
    final PayerSlots mcpPayers;

    final long mcpProgressMs;

    public WebContext(BridgeContext hub) {
        this(hub, McpRoute.PROGRESS_MS);
    }

    WebContext(BridgeContext hub, long mcpProgressMs) {
        this.hub = hub;
        this.mcpProgressMs = mcpProgressMs;
        int agents = (hub.config().connection().max() + 1) / 2;
        this.mcpSlots = new ConnectionSlots(agents);
        this.mcpPayers = new PayerSlots((agents + 3) / 4);
        HubConfig config = hub.config();
        this.places = new HttpPlaces<>(
                hub.httpSlots(),
                config.http().maxPerAddress(),
                address -> AddressLimits.isLoopback(address)
                        || config.proxy().addresses().contains(address));
    }

    /** Every client of the hub is told why, and its connection closed. */
    public void endAll(HubException why) {
        hub.connections().endAll(why);
    }

    /** See {@link Routes#mounted}; not closed by anybody, and refuses connections once the hub ends. */
    public Router mounted(Vertx vertx) {
        return Routes.mounted(vertx, this);
    }
}
