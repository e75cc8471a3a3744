package io.termbus.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Walks the nodes of one file; keys may be nested, dotted, or both. The nodes must be a tree. */
final class YamlTree {
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.TIMESTAMP, Tag.NULL);

    private final String file;
    private final Problems problems;
    private final List<Given> found = new ArrayList<>();
    private final Map<String, String> seen = new HashMap<>();

    YamlTree(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    List<Given> read(Node root) {
        if (root instanceof MappingNode mapping) {
            walk("", mapping);
        } else {
            problems.add(source(root) + ": allowed is a mapping of keys to values");
        }
        return found;
    }

    private void walk(String prefix, MappingNode mapping) {
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                visit(prefix + key.getValue(), key, entry.getValueNode());
            } else {
                problems.add(source(entry.getKeyNode()) + ": a key is not text");
            }
        }
    }

    private void visit(String key, Node keyNode, Node value) {
        Optional<Setting<?>> setting = Settings.byKey(key);
        if (setting.isPresent()) {
            take(setting.get(), source(keyNode), value);
        } else if (value instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
            walk(key + ".", mapping);
        } else if (!Settings.isGroup(key)) {
            problems.unknown(key, value instanceof ScalarNode scalar ? scalar.getValue() : "", source(keyNode));
        } else if (!isNothing(value)) {
            problems.add(key + " (" + source(keyNode) + "): is a group, allowed are keys below it, not a value");
        }
    }

    private void take(Setting<?> setting, String source, Node value) {
        String other = seen.putIfAbsent(setting.key(), source);
        if (other != null) {
            problems.twice(setting.key(), source, other);
        }
        if (value instanceof ScalarNode scalar && PLAIN.contains(scalar.getTag())) {
            found.add(new Given(setting, textOf(scalar), source));
        } else {
            problems.add(setting.key() + " (" + source + "): is "
                    + (value instanceof ScalarNode ? "tagged" : "a collection") + ", allowed is "
                    + setting.kind().allowed());
        }
    }

    /** A group whose keys are all commented out. */
    private static boolean isNothing(Node value) {
        return value instanceof MappingNode || value.getTag().equals(Tag.NULL);
    }

    private static String textOf(ScalarNode scalar) {
        return scalar.getTag().equals(Tag.NULL) && scalar.isPlain() ? "" : scalar.getValue();
    }

    private String source(Node node) {
        return file + ", line " + (node.getStartMark().getLine() + 1);
    }
}
