package io.termbus.app;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.termbus.bridge.AddressLimits;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The connections of a listener whose TLS handshake is not over: none of the limits that come after it know them yet, and
 * each costs some ten KiB. Beyond {@value #MAX} the oldest goes, of the address that has the most. Any thread may call.
 */
final class Handshakes {
    static final int MAX = 256;

    /** The oldest first. */
    private final Map<Channel, String> pending = new LinkedHashMap<>();

    /** Call on the event loop of {@code channel}, when it has its handlers. */
    void begin(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null || tls.handshakeFuture().isDone()) {
            return;
        }
        add(channel).ifPresent(Channel::close);
        tls.handshakeFuture().addListener(done -> end(channel));
    }

    /** @return who must go */
    private synchronized Optional<Channel> add(Channel channel) {
        pending.put(channel, networkOf(channel.remoteAddress()));
        return pending.size() > MAX ? oldestOfTheMany() : Optional.empty();
    }

    private synchronized void end(Channel channel) {
        pending.remove(channel);
    }

    private Optional<Channel> oldestOfTheMany() {
        return pending.values().stream()
                .collect(Collectors.groupingBy(network -> network, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .flatMap(most -> pending.entrySet().stream()
                        .filter(each -> each.getValue().equals(most.getKey()))
                        .map(Map.Entry::getKey)
                        .findFirst());
    }

    private static String networkOf(SocketAddress address) {
        return address instanceof InetSocketAddress internet && internet.getAddress() != null
                ? AddressLimits.network(internet.getAddress().getHostAddress())
                : "";
    }
}
