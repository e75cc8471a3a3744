package io.termbus.app;

import io.termbus.bridge.Authenticator;
import io.termbus.config.HubConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetServer;

/** STUB, drop me. */
final class Hub {
    private final HttpServer http;
    private final NetServer tcp;

    private Hub(HttpServer http, NetServer tcp) {
        this.http = http;
        this.tcp = tcp;
    }

    static Future<Hub> start(Vertx vertx, HubConfig config, Authenticator authenticator, String version) {
        HttpServer http =
                vertx.createHttpServer().requestHandler(r -> r.response().end());
        NetServer tcp = vertx.createNetServer().connectHandler(s -> s.close());
        return http.listen(config.http().port(), config.http().host())
                .compose(h -> tcp.listen(config.tcp().port(), config.tcp().host()))
                .map(t -> new Hub(http, tcp));
    }

    int httpPort() {
        return http.actualPort();
    }

    int tcpPort() {
        return tcp.actualPort();
    }

    Future<Void> close() {
        return tcp.close().eventually(http::close);
    }
}
