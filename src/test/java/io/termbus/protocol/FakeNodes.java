package io.termbus.protocol;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cluster whose nodes the test names.
 *
 * @param all names of all nodes, {@code self} among them
 */
public record FakeNodes(String self, Supplier<List<String>> all) implements Nodes {
    public FakeNodes(String self, String... others) {
        this(self, () -> Stream.concat(Stream.of(self), Stream.of(others)).toList());
    }

    @Override
    public List<String> names() {
        return all.get();
    }

    @Override
    public boolean isCluster() {
        return true;
    }
}
