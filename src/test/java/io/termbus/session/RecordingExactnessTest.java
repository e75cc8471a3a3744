package io.termbus.session;

import static io.termbus.session.BusHub.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.termbus.config.TestConfig;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Delivery;
import io.termbus.record.Playback;
import io.termbus.record.RecordingFiles;
import io.termbus.vt.Dump;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a recording gives at any time is what somebody saw who was there: cells, attributes, cursor, modes and scrollback.
 * {@code -Drecordings.instants=1000} looks at as many of each recording.
 */
@Timeout(120)
class RecordingExactnessTest {
    private static final int INSTANTS = Integer.getInteger("recordings.instants", 60);
    private static final int LINES = 1000;

    @TempDir
    Path home;

    @Test
    void ofVim() throws Exception {
        Path text = Files.write(
                home.resolve("text"),
                IntStream.range(0, 500).mapToObj(i -> i + " äöü 語 line").toList());

        List<Delivery> seen = record(
                List.of(
                        "i\r",
                        "hello \u00e4 \u8a9e\033",
                        "\006",
                        "\006",
                        "resize 100 30",
                        "G",
                        ":set hlsearch\r",
                        "/7\r",
                        "n",
                        ":split\r",
                        "\006",
                        "resize 60 15",
                        "dd",
                        "u",
                        ":q!\r",
                        "resize 80 24"),
                RecordingExactnessTest::kill,
                3000,
                "vim",
                "-u",
                "NONE",
                "-N",
                "-n",
                text.toString());

        compare(seen, 3000);
    }

    @Test
    void ofTop() throws Exception {
        compare(
                record(
                        List.of("c", "resize 120 40", "1", "resize 50 10", "z", "x"),
                        RecordingExactnessTest::kill,
                        1000,
                        "top",
                        "-d",
                        "0.1"),
                1000);
    }

    @Test
    void ofHtop() throws Exception {
        compare(
                record(
                        List.of("t", "resize 120 40", "I", "resize 70 20"),
                        RecordingExactnessTest::kill,
                        1000,
                        "htop",
                        "-d",
                        "1"),
                1000);
    }

    @Test
    void ofTmux() throws Exception {
        String socket = "termbus-" + ProcessHandle.current().pid();
        compare(
                record(
                        List.of(
                                "echo one; seq 100\r",
                                "\002%",
                                "ls -la /usr/bin | head -50\r",
                                "resize 120 40",
                                "\002\"",
                                "printf '\\033[31mred\\033[0m\\n'\r",
                                "\002z",
                                "resize 60 18"),
                        (hub, id) -> new ProcessBuilder("tmux", "-L", socket, "kill-server").start(),
                        2000,
                        "tmux",
                        "-L",
                        socket,
                        "-f",
                        "/dev/null",
                        "new",
                        "sh"),
                2000);
    }

    @Test
    void ofAFlood() throws Exception {
        String flood = "i=0; while [ $i -lt 4 ]; do printf '\\033[3%dm' $i; seq 1 250000; i=$((i+1)); done";

        compare(record(List.of("resize 100 30"), (hub, id) -> {}, 1 << 20, "sh", "-c", flood), 1 << 20);
    }

    /** Begun in the middle of a flood, ended and begun again. */
    @Test
    void ofAFloodThatIsRecordedInPart() throws Exception {
        RecordingFiles files = files("asked", 1 << 18);
        try (BusHub hub = new BusHub(files)) {
            String id = create(hub, "sh", "-c", "stty -echo; read l; seq 1 300000; read l; seq 1 200000; read l");
            BusHub.Viewer viewer = attach(hub, id);
            type(hub, id, "\r");
            until(() -> viewer.output().length > 100_000);
            assertThat(recording(hub, id, true)).isEqualTo(id + "-1");
            until(() -> viewer.text().contains("300000"));
            type(hub, id, "\r");
            until(() -> viewer.text().length() > 2_500_000);
            recording(hub, id, false);
            assertThat(recording(hub, id, true)).isEqualTo(id + "-2");
            until(() -> viewer.text().endsWith("200000\r\n"));
            type(hub, id, "\r");
            viewer.untilExit();
            until(() -> notRecorded(hub, id));

            compare(files, id + "-1", viewer.deliveries(), false);
            compare(files, id + "-2", viewer.deliveries(), false);
        }
    }

    private static boolean notRecorded(BusHub hub, String id) {
        return !hub.call(Addresses.session(id), "info", new JsonObject()).containsKey("recording");
    }

    private static String recording(BusHub hub, String id, boolean on) {
        return hub.call(Addresses.session(id), "record", new JsonObject().put("on", on))
                .getString("recording");
    }

    private RecordingFiles files(String sessions, int keyframeBytes) {
        return new RecordingFiles(
                home.resolve("recordings"),
                TestConfig.of("record.mode=output", "record.sessions=" + sessions)
                        .record(),
                InstantSource.system(),
                keyframeBytes);
    }

    private static String create(BusHub hub, String... command) {
        return hub.create(new JsonObject()
                        .put("command", new JsonArray(List.of(command)))
                        .put(
                                "env",
                                new JsonObject().put("TERM", "xterm-256color").put("LANG", "C.UTF-8"))
                        .put("waitForSubscriber", true))
                .getString("id");
    }

    private static BusHub.Viewer attach(BusHub hub, String id) {
        return hub.attach(id, new JsonObject().put("from", 0).put("lag", "block"));
    }

    private static void type(BusHub hub, String id, String keys) {
        hub.call(Addresses.session(id), "input", new JsonObject().put("data", keys));
    }

    /** How a program is ended. */
    private interface End {
        void run(BusHub hub, String session) throws IOException;
    }

    private static void kill(BusHub hub, String session) {
        hub.call(Addresses.session(session), "kill", new JsonObject());
    }

    /** Each step is typed when the last has led to something. */
    private List<Delivery> record(List<String> steps, End end, int keyframeBytes, String... command)
            throws IOException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin", command[0])) || Files.isExecutable(Path.of("/bin", command[0])));
        try (BusHub hub = new BusHub(files("all", keyframeBytes))) {
            String id = create(hub, command);
            BusHub.Viewer viewer = attach(hub, id);
            until(() -> viewer.output().length > 0);
            for (String step : steps) {
                int before = viewer.output().length;
                if (step.startsWith("resize")) {
                    String[] size = step.split(" ");
                    hub.call(
                            Addresses.session(id),
                            "resize",
                            new JsonObject()
                                    .put("cols", Integer.parseInt(size[1]))
                                    .put("rows", Integer.parseInt(size[2])));
                } else {
                    type(hub, id, step);
                }
                until(() -> viewer.output().length > before
                        || !viewer.notices(Delivery.Kind.EXIT).isEmpty());
            }
            end.run(hub, id);
            viewer.untilExit();
            until(() -> notRecorded(hub, id));
            return viewer.deliveries();
        }
    }

    private void compare(List<Delivery> seen, int keyframeBytes) throws Exception {
        String id = seen.get(0).session() + "-1";
        RecordingFiles files = files("all", keyframeBytes);
        assertThat(Files.size(home.resolve("recordings").resolve(id + ".idx"))).isGreaterThan(1000);
        compare(files, id, seen, true);
    }

    private static void compare(RecordingFiles files, String id, List<Delivery> seen, boolean whole) throws Exception {
        long end = files.at(id, Long.MAX_VALUE).millis();
        List<Long> instants = new ArrayList<>(List.of(0L, end));
        new Random(19).longs(INSTANTS, 0, end + 1).forEach(instants::add);
        instants.sort(null);
        Live live = new Live(seen);
        for (long instant : instants) {
            Playback.Shown shown = files.at(id, instant);
            List<String> wanted = Dump.of(shown.terminal());
            if (!live.reaches(shown)) {
                assertThat(Dump.of(live.terminal))
                        .as("%s at %d ms, offset %d", id, instant, shown.offset())
                        .isEqualTo(wanted);
            }
        }
        if (whole) {
            assertThat(live.at).isEqualTo(live.end());
        }
    }

    /** The terminal of one who was there. */
    private static final class Live {
        private final List<Delivery> seen;
        private int next;
        private int taken;
        long at;
        Terminal terminal = new Terminal(80, 24, LINES, TerminalListener.SILENT);

        Live(List<Delivery> seen) {
            this.seen = seen;
        }

        /** Goes on to where that is; of several sizes at the same place it may have any. */
        boolean reaches(Playback.Shown shown) {
            while (next < seen.size()) {
                if (at == shown.offset() && Dump.of(terminal).equals(Dump.of(shown.terminal()))) {
                    return true;
                }
                if (!step(shown.offset())) {
                    return false;
                }
            }
            return Dump.of(terminal).equals(Dump.of(shown.terminal()));
        }

        private boolean step(long to) {
            Delivery delivery = seen.get(next);
            if (delivery instanceof Delivery.Counted counted) {
                if (at == to) {
                    return false;
                }
                assertThat(counted.kind()).isEqualTo(Delivery.Kind.OUTPUT);
                byte[] bytes = counted.payload().bytes();
                int length = (int) Math.min(bytes.length, taken + to - at);
                terminal.feed(bytes, taken, length);
                at += length - taken;
                taken = length;
                if (taken == bytes.length) {
                    taken = 0;
                    next++;
                }
                return true;
            }
            if (delivery.kind() == Delivery.Kind.RESIZE) {
                JsonObject size = ((Delivery.Notice) delivery).body();
                terminal.resize(size.getInteger("cols"), size.getInteger("rows"));
            }
            next++;
            return true;
        }

        long end() {
            return seen.stream()
                    .filter(Delivery.Counted.class::isInstance)
                    .mapToLong(each -> ((Delivery.Counted) each).offset())
                    .max()
                    .orElseThrow();
        }
    }
}
