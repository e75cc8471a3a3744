package io.termbus.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.config.XmlConfigBuilder;
import io.termbus.config.ClusterConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Hazelcast's configuration: the file, with the settings filled in, and what no file may change. */
final class ClusterFiles {
    static final Path DEFAULT_FILE = Path.of("conf", "cluster.xml");
    /** As {@code hazelcast.tcp.join.port.try.count} in the file. */
    private static final int PORTS_TRIED = 3;

    private static final String RESOURCE = "/conf/cluster.xml";

    private ClusterFiles() {}

    /** @throws IOException where the file cannot be read, or {@code cluster.host} is unknown; blocks */
    static Config read(ClusterConfig settings) throws IOException {
        Properties values = new Properties();
        values.setProperty("cluster.name", settings.name());
        values.setProperty(
                "cluster.host", InetAddress.getByName(settings.host()).getHostAddress());
        values.setProperty("cluster.port", Integer.toString(settings.port()));
        values.setProperty("cluster.members", String.join(",", settings.members()));
        try (InputStream in = open(settings)) {
            XmlConfigBuilder builder = new XmlConfigBuilder(in);
            builder.setProperties(values);
            return fixed(builder.build(), settings);
        }
    }

    private static InputStream open(ClusterConfig settings) throws IOException {
        Path file = settings.file().orElse(DEFAULT_FILE);
        if (settings.file().isPresent() || Files.exists(file)) {
            return Files.newInputStream(file);
        }
        InputStream packed = ClusterFiles.class.getResourceAsStream(RESOURCE);
        if (packed == null) {
            throw new IOException("the build lacks " + RESOURCE);
        }
        return packed;
    }

    private static Config fixed(Config config, ClusterConfig settings) {
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        // on the address of the file's interfaces (cluster.host in those we ship) alone: else on all of the machine,
        // whatever they say. A file without interfaces leaves the choice of one to Hazelcast
        config.setProperty("hazelcast.socket.server.bind.any", "false");
        settings.publicHost().ifPresent(config.getNetworkConfig()::setPublicAddress);
        TcpIpConfig listed = config.getNetworkConfig().getJoin().getTcpIpConfig();
        if (listed.isEnabled() && settings.busPort() != 0) {
            listed.setMembers(listed.getMembers().stream()
                    .flatMap(member -> withoutBus(member, settings))
                    .toList());
        }
        return config;
    }

    /**
     * Of a host the ports at which members may be, less the one of the event bus: that listens before the membership is
     * joined, and Hazelcast would wait there for an answer.
     */
    private static Stream<String> withoutBus(String member, ClusterConfig settings) {
        if (member.indexOf(':') >= 0) {
            return Stream.of(member);
        }
        return IntStream.range(settings.port(), settings.port() + PORTS_TRIED)
                .filter(port -> port != settings.busPort())
                .mapToObj(port -> member + ":" + port);
    }
}
