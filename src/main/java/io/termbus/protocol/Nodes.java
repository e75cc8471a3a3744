package io.termbus.protocol;

import java.util.List;

/** The nodes that this one works with; a hub by itself is the only one. Any thread may call, and nothing blocks. */
public interface Nodes {
    /** Name of this node. */
    String self();

    /** Names of all that are there, this one among them, oldest first. */
    List<String> names();

    /** Whether others may come: then what concerns them is heard and told. */
    boolean isCluster();

    /** All but this one. */
    default List<String> others() {
        return names().stream().filter(name -> !name.equals(self())).toList();
    }

    /** A hub by itself. */
    static Nodes alone(String self) {
        return new Nodes() {
            @Override
            public String self() {
                return self;
            }

            @Override
            public List<String> names() {
                return List.of(self);
            }

            @Override
            public boolean isCluster() {
                return false;
            }
        };
    }
}
