package io.termbus.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.pty.PtyBackends;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What sessions run as, and which may be run. */
@Timeout(180)
class ChildTest {
    @TempDir
    Path directory;

    private RunningHub hub;

    @AfterEach
    void stop() throws Exception {
        hub.close();
    }

    private int create(JsonObject body) throws Exception {
        JsonObject frame = hub.admin().ask("termbus.hub", "create", body);
        return "err".equals(frame.getString("type")) ? frame.getInteger("failureCode") : 200;
    }

    private static JsonObject command(String... words) {
        return new JsonObject().put("command", new JsonArray(List.of(words)));
    }

    /** What a script writes to a file. */
    private String written(String script) throws Exception {
        Path file = directory.resolve("out");
        hub.admin().create("sh", "-c", "{ " + script + "; } > " + file + ".new; mv " + file + ".new " + file);
        Awaitility.await().until(() -> Files.exists(file));
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    @Test
    void onlyNamedProgramsRunWhereThereIsAList() throws Exception {
        hub = new RunningHub(directory, "session.commands=/bin/cat, /bin/sleep");

        assertThat(create(command("/bin/cat"))).isEqualTo(200);
        assertThat(create(command("/bin/sleep", "9"))).isEqualTo(200);
        assertThat(create(command("cat"))).isEqualTo(403);
        assertThat(create(command("/bin/../bin/cat"))).isEqualTo(403);
        assertThat(create(command("/bin/sh"))).isEqualTo(403);
        assertThat(create(command("/bin/cat").put("env", new JsonObject().put("LD_PRELOAD", "/tmp/x.so"))))
                .isEqualTo(403);
        assertThat(create(command("/bin/cat").put("env", new JsonObject().put("LC_ALL", "C"))))
                .isEqualTo(200);
    }

    @Test
    void sessionsBeginInNamedDirectoriesOnlyWhereThereIsAList() throws Exception {
        Path allowed = Files.createDirectories(directory.resolve("allowed/below"));
        Files.createSymbolicLink(allowed.resolve("out"), Path.of("/"));
        Files.createDirectories(directory.resolve("allowed-not"));
        hub = new RunningHub(directory, "session.directories=" + directory.resolve("allowed"));

        assertThat(create(command("cat").put("cwd", allowed.toString()))).isEqualTo(200);
        assertThat(create(command("cat").put("cwd", allowed + "/../../allowed-not")))
                .isEqualTo(403);
        assertThat(create(command("cat").put("cwd", allowed + "/out"))).isEqualTo(403);
        assertThat(create(command("cat")
                        .put("cwd", directory.resolve("allowed-not").toString())))
                .isEqualTo(403);
        assertThat(create(command("cat").put("cwd", "/"))).isEqualTo(403);
        assertThat(create(command("cat").put("cwd", "/no/such"))).isEqualTo(403);
        assertThat(create(command("cat").put("cwd", allowed + "/gone"))).isEqualTo(400);
    }

    @Test
    void theUmaskOfSessionsIsThatOfTheSetting() throws Exception {
        int before = PtyBackends.umask(0);
        PtyBackends.umask(before);
        try {
            hub = new RunningHub(directory, "session.umask=027");

            assertThat(written("umask").strip()).isEqualTo("0027");
        } finally {
            PtyBackends.umask(before);
        }
    }

    @Test
    void sessionsHaveTheSettingsLimitOfOpenFiles() throws Exception {
        hub = new RunningHub(directory, "session.openFiles=900");

        assertThat(written("ulimit -Sn").strip()).isEqualTo("900");
    }

    @Test
    void aChildLeadsItsOwnSessionAndHasNoDescriptorOfTheHub() throws Exception {
        hub = new RunningHub(directory);

        String[] ids = written("ps -o pid=,pgid=,sid= -p $$").strip().split(" +");
        assertThat(ids[1]).isEqualTo(ids[0]);
        assertThat(ids[2]).isEqualTo(ids[0]);
        assertThat(screenOf("ls", "-l", "/proc/self/fd").lines().filter(line -> line.contains(" -> ")))
                .hasSize(4)
                .allMatch(line -> line.matches(".*[0-2] -> /dev/pts/.*|.*3 -> /proc/[0-9]+/fd"));
    }

    /** What a program that ends leaves on its screen. */
    private String screenOf(String... command) throws Exception {
        Peer admin = hub.admin();
        String session = admin.create(command);
        admin.attach(session, "write");
        admin.delivery("exit");
        return admin.call("termbus.session." + session, "snapshot", new JsonObject().put("format", "text"))
                .getString("data");
    }
}
