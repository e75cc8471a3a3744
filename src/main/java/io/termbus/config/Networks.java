package io.termbus.config;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** IP addresses, and networks such as 10.0.0.0/8 or fd00::/8. Immutable; nothing is looked up by name. */
public final class Networks {
    /** None. */
    public static final Networks NONE = new Networks(List.of());

    private static final int BITS_PER_BYTE = 8;

    private final List<String> texts;
    private final List<IpSubnetFilterRule> all;

    /** @param texts each one that {@link #isNetwork} accepts */
    Networks(List<String> texts) {
        this.texts = List.copyOf(texts);
        this.all = texts.stream().map(text -> network(text).orElseThrow()).toList();
    }

    static boolean isNetwork(String text) {
        return network(text).isPresent();
    }

    /** Whether {@code address} is an IP address in one of them; names and anything else are in none. */
    public boolean contains(String address) {
        return address(address)
                .map(known -> new InetSocketAddress(known, 0))
                .filter(known -> all.stream().anyMatch(network -> network.matches(known)))
                .isPresent();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Networks networks && networks.texts.equals(texts);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }

    @Override
    public String toString() {
        return texts.toString();
    }

    private static Optional<IpSubnetFilterRule> network(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return address(text).map(address -> network(address, bitsOf(address)));
        }
        int bits = number(text.substring(slash + 1));
        return address(text.substring(0, slash))
                .filter(address -> bits >= 0 && bits <= bitsOf(address))
                .map(address -> network(address, bits));
    }

    private static IpSubnetFilterRule network(InetAddress address, int bits) {
        return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
    }

    private static int bitsOf(InetAddress address) {
        return address.getAddress().length * BITS_PER_BYTE;
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
    }

    /** An IPv4 address that is written as one of IPv6 is the IPv4 address. */
    private static Optional<InetAddress> address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
