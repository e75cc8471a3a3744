package io.termbus.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Settings from a YAML file. The file is composed to nodes and never constructed to objects, so that each
 * value is the text that was written, with its line.
 */
final class YamlSource {
    /** Every key with a page of comments takes a tenth of it. */
    static final int MAX_BYTES = 65_536;

    private static final int MAX_DEPTH = 10;

    private YamlSource() {}

    /** @param name what to call the file in messages */
    static List<Given> read(Path file, String name, Problems problems) {
        try {
            Node root = compose(text(file));
            return root == null ? List.of() : new YamlTree(name, problems).read(root);
        } catch (NoSuchFileException e) {
            problems.add(name + ": no such file");
        } catch (CharacterCodingException e) {
            problems.add(name + ": is not UTF-8 text");
        } catch (IOException e) {
            problems.add(name + ": cannot be read: " + e.getMessage());
        } catch (MarkedYAMLException e) {
            problems.add(name + ": is not YAML: " + describe(e));
        } catch (YAMLException e) {
            problems.add(name + ": is not YAML: it holds a character that YAML does not allow, or is too large");
        }
        return List.of();
    }

    private static String text(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("it is a directory");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException("it is larger than " + MAX_BYTES + " bytes");
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static @Nullable Node compose(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setAllowRecursiveKeys(false);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(MAX_BYTES);
        DumperOptions dumper = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(dumper), dumper, options)
                .compose(new StringReader(text));
    }

    /** What is wrong and where, without the library's snippet of the file and names from it: they may be a secret's. */
    private static String describe(MarkedYAMLException e) {
        String problem = e.getProblem() == null ? "malformed" : e.getProblem();
        String safe = problem.replaceAll("(?s)\\b(alias|anchor|handle|tag|directive|key|found [a-z ]*name) .*", "$1");
        String where = e.getProblemMark() == null
                ? ""
                : " at line " + (e.getProblemMark().getLine() + 1) + ", column "
                        + (e.getProblemMark().getColumn() + 1);
        return Problems.show(safe) + where;
    }
}
