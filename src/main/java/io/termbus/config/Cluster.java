package io.termbus.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How this node joins others, where it is to. Immutable.
 *
 * @param file Hazelcast's own configuration; empty: {@code conf/cluster.xml}, or the one in the jar
 * @param name clusters of different names do not join
 * @param host address that this node listens on for other nodes
 * @param port of the membership; a free one above it where it is taken
 * @param busPort of the event bus; 0 picks a free one
 * @param publicHost how other nodes reach this one; empty: {@code host}
 * @param members where other nodes may be, each {@code host} or {@code host:port}
 * @param tls of the event bus between nodes; certificate, key and CA are all there or all not
 */
public record Cluster(
        Optional<Path> file,
        String name,
        String host,
        int port,
        int busPort,
        Optional<String> publicHost,
        List<String> members,
        Security.Tls tls) {
    /** What holds where nothing is set. */
    public static final Cluster DEFAULTS = new Cluster(
            Optional.empty(),
            "termbus",
            "127.0.0.1",
            5701,
            0,
            Optional.empty(),
            List.of("127.0.0.1"),
            new Security.Tls(Optional.empty(), Optional.empty(), Optional.empty()));
}
