package io.termbus.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.support.ToolRun;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The npm package {@code @termbus/client} as it is packed; its tests are with those of the web app, in {@code src/test/node}. */
class JavaScriptPackageTest {
    private static final Path PACKAGE = Path.of("clients", "js").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path work;

    @Test
    void whatIsPackedIsImportedByItsNameAndNeedsNothingElse() throws Exception {
        assertThat(new JsonObject(Files.readString(PACKAGE.resolve("package.json"))).fieldNames())
                .doesNotContain("dependencies", "scripts");
        ToolRun packed =
                run("npm", "pack", "--json", "--offline", "--pack-destination", work.toString(), PACKAGE.toString());
        assertThat(packed.exit()).as(packed.output()).isZero();
        JsonObject archive = new JsonArray(packed.output()).getJsonObject(0);
        assertThat(archive.getJsonArray("files"))
                .extracting(file -> ((JsonObject) file).getString("path"))
                .contains("package.json", "README.md", "src/index.js", "src/index.d.ts")
                .allMatch(path -> !path.contains("test"));
        Path modules = Files.createDirectories(work.resolve("node_modules").resolve("@termbus"));
        assertThat(run("tar", "xzf", archive.getString("filename"), "-C", modules.toString())
                        .exit())
                .isZero();
        Files.move(modules.resolve("package"), modules.resolve("client"));
        ToolRun used = run("node", "--input-type=module", "-e", """
                import { connect } from '@termbus/client';
                await connect({ url: 'http://127.0.0.1:1', WebSocket: null }).catch((e) => console.log(e.message));
                """);
        assertThat(used.output()).contains("there is no WebSocket here");
    }

    private ToolRun run(String... command) {
        return ToolRun.of(work, Map.of(), LIMIT, List.of(command));
    }
}
