package io.termbus.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.config.TestConfig;
import io.termbus.protocol.HubException;
import io.termbus.record.cast.CastEvent;
import io.termbus.record.cast.CastHeader;
import io.termbus.record.cast.CastReader;
import io.termbus.vt.snapshot.Snapshots;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Recordings from what comes to what is found again, with a disk and a clock that wait for the test. */
@Timeout(30)
class RecorderTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final CastHeader HEADER = CastHeader.of(20, 4, NOW, "title", List.of("sh"));
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private final Disk disk = new Disk();

    @Test
    void whatComesIsFoundAgain() throws IOException {
        Recorder recorder = begin(files());
        recorder.output(bytes("one"), 0);
        disk.passes(2000);
        recorder.output(bytes(" two"), 3);
        recorder.resized(30, 5);
        recorder.mark("make");
        recorder.typed(bytes("y"));
        disk.passes(500);
        recorder.exited(3);

        close(recorder);

        assertThat(events("s-1"))
                .containsExactly(
                        new CastEvent(0, 'o', "one"),
                        new CastEvent(2_000_000, 'o', " two"),
                        new CastEvent(2_000_000, 'r', "30x5"),
                        new CastEvent(2_000_000, 'm', "make"),
                        new CastEvent(2_000_000, 'i', "y"),
                        new CastEvent(2_500_000, 'x', "3"));
        assertThat(files().info("s-1"))
                .isEqualTo(new JsonObject()
                        .put("id", "s-1")
                        .put("session", "s")
                        .put("title", "title")
                        .put("cols", 20)
                        .put("rows", 4)
                        .put("startedAt", NOW.toString())
                        .put("durationMs", 2500L)
                        .put("bytes", Files.size(folder.resolve("s-1.cast")))
                        .put("live", false));
        assertThat(screen("s-1", 1999)).startsWith("one\n");
        assertThat(screen("s-1", 2000)).startsWith("one two\n");
    }

    @Test
    void onlyTheOwnerMayReadThem() throws IOException {
        Recorder recorder = begin(files());
        disk.works();
        close(recorder);

        for (String name : List.of("s-1.cast", "s-1.idx")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void outputOf10MsIsOneEventAndACutCharacterWaits() throws IOException {
        Recorder recorder = begin(files());
        byte[] text = bytes("aä");
        recorder.output(new byte[] {text[0], text[1]}, 0);
        disk.passes(9);
        recorder.output(new byte[] {text[2], 'b'}, 2);
        disk.passes(1);
        recorder.output(new byte[] {'c', (byte) 0xE2}, 4);
        disk.passes(500);
        disk.works();
        recorder.output(new byte[] {(byte) 0x82, (byte) 0xAC}, 6);

        close(recorder);

        assertThat(events("s-1"))
                .containsExactly(
                        new CastEvent(0, 'o', "aäb"),
                        new CastEvent(10_000, 'o', "c"),
                        new CastEvent(510_000, 'o', "€"));
    }

    @Test
    void outputOfAFloodIsNoLongerThan64KiBAnEvent() throws IOException {
        Recorder recorder = begin(files());
        for (int i = 0; i < 32; i++) {
            recorder.output(bytes("x".repeat(65_536)), i * 65_536L);
        }

        close(recorder);

        assertThat(events("s-1")).hasSize(32).allMatch(event -> event.data().length() == 65_536);
    }

    @Test
    void aStateToGoOnFromResetsTheTerminalOfWhoeverPlays() throws IOException {
        Recorder recorder = begin(files());
        recorder.output(bytes("\033[31mlost\033]0;half a title"), 0);
        recorder.mark("gap");
        recorder.jump(new State(1000, 30, 5, bytes("\033[2;3Hnew")));

        close(recorder);

        assertThat(events("s-1"))
                .extracting(event -> event.code() + " " + event.data())
                .containsExactly("o \033[31mlost\033]0;half a title", "m gap", "r 30x5", "o \033c\033[2;3Hnew");
        assertThat(screen("s-1", 0)).startsWith("\n  new\n");
        assertThat(files().at("s-1", 0).offset()).isEqualTo(1000);
    }

    /** Of two sizes at one place nobody knows which a state there has seen. */
    @Test
    void aStateBetweenTwoSizesIsNoKeyframe() throws IOException {
        Recorder recorder = begin(files());
        recorder.output(bytes("one"), 0);
        recorder.resized(30, 5);
        disk.works();
        recorder.keyframe(new State(3, 30, 5, bytes("one")));
        disk.works();
        long oneSize = Files.size(folder.resolve("s-1.idx"));
        recorder.resized(20, 4);
        recorder.keyframe(new State(3, 30, 5, bytes("one")));
        recorder.output(bytes("two"), 3);
        recorder.keyframe(new State(3, 20, 4, bytes("one")));
        disk.works();
        assertThat(Files.size(folder.resolve("s-1.idx"))).isEqualTo(oneSize).isGreaterThan(80);
        recorder.keyframe(new State(5, 20, 4, bytes("onetw")));
        disk.works();

        assertThat(Files.size(folder.resolve("s-1.idx"))).isGreaterThan(oneSize);
        close(recorder);
        assertThat(screen("s-1", 0)).startsWith("onetwo\n");
    }

    @Test
    void theDiskMayLagBySoMuchAndNoMore() {
        Recorder recorder = begin(files());
        int sent = 0;
        while (!recorder.isFull()) {
            recorder.output(new byte[MIB], (long) sent * MIB);
            sent++;
        }

        assertThat(sent).isBetween(31, 32);
        assertThat(disk.drained).isZero();

        close(recorder);
        assertThat(recorder.isFull()).isFalse();
    }

    @Test
    void whatIsTypedWhileTheDiskStandsStillIsBounded() throws IOException {
        Recorder recorder = begin(files());
        for (int i = 0; i < 130; i++) {
            recorder.typed(bytes("x".repeat(MIB)));
            recorder.mark("make");
        }

        close(recorder);

        List<CastEvent> events = events("s-1");
        long typed = events.stream().filter(event -> event.code() == 'i').count();
        long marks =
                events.stream().filter(event -> event.data().equals("make")).count();
        assertThat(typed).isBetween(15L, 16L);
        assertThat(events.get(events.size() - 1).data())
                .isEqualTo("gap: " + ((130 - typed) * MIB + (130 - marks) * 4) + " bytes are missing");
    }

    @Test
    void oneThatHasNothingGoesOnWhenOthersLeaveRoom() {
        RecordingFiles files = files();
        Recorder recorder = begin(files);
        disk.works();
        long others = Runtime.getRuntime().maxMemory();
        files.waits(others);
        assertThat(recorder.isFull()).isTrue();
        int before = disk.drained;

        recorder.awaitRoom();
        disk.worksOnce();
        assertThat(disk.drained).isEqualTo(before);
        files.waits(-others);
        disk.works();

        assertThat(disk.drained).isEqualTo(before + 1);
    }

    @Test
    void aFolderThatIsGoneIsMadeAnew() throws IOException {
        RecordingFiles files = files();
        Files.delete(folder);
        Recorder recorder = begin(files);
        close(recorder);

        assertThat(ids(files)).containsExactly("s-1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    @Test
    void whatIsNoRecordingIsPassedOver() throws IOException {
        file("a-1", 10, 0);
        Path outside = Files.writeString(folder.resolve("outside"), "secret");
        Files.createSymbolicLink(folder.resolve("l-1.cast"), outside);
        Files.createSymbolicLink(folder.resolve("gone-1.cast"), folder.resolve("nothing"));
        Files.createDirectory(folder.resolve("d-1.cast"));
        Files.writeString(folder.resolve("bad-1.cast"), "no header");
        RecordingFiles files = files("record.keepDays=1");

        assertThat(ids(files)).containsExactly("a-1");
        files.sweep();
        assertThat(ids(files)).containsExactly("a-1");
        assertThatThrownBy(() -> files.piece("a-1", Long.MAX_VALUE))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("'from' must be 0..");
    }

    @Test
    void whoFeedsItIsToldWhenNothingWaitsAnyMore() {
        Recorder recorder = begin(files());
        disk.works();
        int before = disk.drained;
        for (int i = 0; i < 3; i++) {
            recorder.output(new byte[MIB], (long) i * MIB);
        }
        disk.worksOnce();
        disk.worksOnce();
        assertThat(disk.drained).isEqualTo(before);

        disk.works();

        assertThat(disk.drained).isEqualTo(before + 1);
    }

    @Test
    void aDiskThatFailsEndsTheRecordingAndWhatIsThereStays() throws IOException {
        RecordingFiles files = files("record.maxBytes=16777216");
        Recorder recorder = begin(files);
        for (int i = 0; i < 20; i++) {
            recorder.output(bytes("x".repeat(MIB)), (long) i * MIB);
            disk.works();
        }

        assertThat(disk.failures).containsExactly("recordings have reached record.maxBytes = 16777216");
        assertThat(files.info("s-1").getBoolean("live")).isFalse();
        recorder.output(bytes("late"), 0);
        close(recorder);
        assertThat(events("s-1")).hasSizeBetween(15, 17);
    }

    @Test
    void theOldestMakeRoomAndThoseThatAreTooOldGo() throws IOException {
        RecordingFiles files = files("record.maxBytes=16777216", "record.keepDays=2");
        file("a-1", 7 * MIB, 3);
        file("b-1", 7 * MIB, 1);
        file("c-1", 7 * MIB, 0);
        Files.writeString(folder.resolve("other.txt"), "not one");

        files.prepare();
        assertThat(ids(files)).containsExactly("c-1", "b-1");

        Recorder recorder = begin(files);
        for (int i = 0; i < 4; i++) {
            recorder.output(bytes("x".repeat(MIB)), (long) i * MIB);
        }
        close(recorder);

        assertThat(ids(files)).containsExactlyInAnyOrder("c-1", "s-1");
        assertThat(disk.failures).isEmpty();
        assertThat(folder.resolve("other.txt")).exists();
    }

    @Test
    void oneThatIsBeingMadeIsSeenAndNotDeleted() throws IOException {
        RecordingFiles files = files();
        Recorder recorder = begin(files);
        recorder.output(bytes("hello"), 0);
        disk.passes(1000);
        disk.works();

        assertThat(files.info("s-1").getBoolean("live")).isTrue();
        assertThat(text(files, "s-1", Long.MAX_VALUE)).startsWith("hello\n");
        assertThatThrownBy(() -> files.delete("s-1")).isInstanceOf(HubException.class);

        close(recorder);
        files.delete("s-1");
        assertThat(ids(files)).isEmpty();
        assertThat(folder.resolve("s-1.idx")).doesNotExist();
    }

    @Test
    void anIdStaysInTheFolder() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside"), "secret");
        RecordingFiles files = files();

        for (String id :
                List.of("../outside", "..", "/etc/passwd", "a/../../outside-1", "s-0", "s", "-1", "s-1.cast", "")) {
            assertThatThrownBy(() -> files.file(id)).as(id).isInstanceOf(HubException.class);
        }
        Files.createSymbolicLink(folder.resolve("s-7.cast"), outside);
        assertThatThrownBy(() -> files.file("s-7")).isInstanceOf(HubException.class);
    }

    /** 6 MiB with three keyframes; whatever is cut off the index, or flipped in it, the screens are the same. */
    @Test
    void aTornOrForgedIndexDoesNoHarm() throws IOException {
        RecordingFiles files = files();
        Recorder recorder = begin(files);
        long offset = 0;
        for (int i = 0; offset < 6 * MIB; i++) {
            byte[] bytes = bytes("\033[" + (i % 8 + 30) + "mline " + i + " " + "x".repeat(50_000) + "\r\n");
            recorder.output(bytes, offset);
            offset += bytes.length;
            disk.passes(100);
            disk.works();
            if (i % 40 == 39) {
                Playback.Shown shown = files.at("s-1", Long.MAX_VALUE);
                recorder.keyframe(new State(offset, 20, 4, Snapshots.ansi(shown.terminal(), State.SCROLLBACK_LINES)));
                disk.works();
            }
        }
        close(recorder);
        long end = files().info("s-1").getLong("durationMs");
        List<String> screens = screens(end);
        Path index = folder.resolve("s-1.idx");
        byte[] whole = Files.readAllBytes(index);
        assertThat(whole.length).isGreaterThan(1000);

        for (int i = 0; i < 12; i++) {
            byte[] torn = Arrays.copyOf(whole, whole.length * i / 12);
            Files.write(index, torn);
            assertThat(screens(end)).as("cut to %d of 12", i).isEqualTo(screens);
            assertThat(files().info("s-1").getLong("durationMs")).isEqualTo(end);
        }
        for (int at = 16; at < whole.length; at += whole.length / 40) {
            byte[] forged = whole.clone();
            forged[at] ^= 0x11;
            Files.write(index, forged);
            assertThat(screens(end)).as("byte %d", at).isEqualTo(screens);
        }
        Files.delete(index);
        assertThat(screens(end)).isEqualTo(screens);
        assertThat(index).exists();
    }

    @Test
    void aRecordingThatACrashHasTornIsReadUpToTheTear() throws IOException {
        Recorder recorder = begin(files());
        recorder.output(bytes("whole"), 0);
        disk.passes(1000);
        disk.works();
        Files.writeString(folder.resolve("s-1.cast"), "[1.000, \"o\", \"to", StandardOpenOption.APPEND);
        RecordingFiles afterwards = files();

        assertThat(text(afterwards, "s-1", Long.MAX_VALUE)).startsWith("whole\n");
        assertThat(afterwards.info("s-1").getLong("durationMs")).isZero();
        close(recorder);
    }

    private List<String> screens(long end) throws IOException {
        List<String> screens = new ArrayList<>();
        for (int i = 0; i <= 6; i++) {
            screens.add(screen("s-1", end * i / 6));
        }
        return screens;
    }

    private RecordingFiles files(String... settings) {
        return new RecordingFiles(folder, TestConfig.of(settings).record(), () -> NOW);
    }

    private Recorder begin(RecordingFiles files) {
        Recorder recorder = new Recorder(files, disk);
        recorder.begin("s", HEADER);
        return recorder;
    }

    private void close(Recorder recorder) {
        Future<Void> closed = recorder.close();
        disk.works();
        assertThat(closed.succeeded()).isTrue();
    }

    private void file(String id, int size, int daysOld) throws IOException {
        String header = "{\"version\":3,\"term\":{\"cols\":80,\"rows\":24}}\n";
        Path file = folder.resolve(id + ".cast");
        Files.writeString(file, header + "#".repeat(size) + "\n");
        Files.setLastModifiedTime(file, FileTime.from(NOW.minusSeconds(daysOld * 86_400L)));
    }

    private static List<String> ids(RecordingFiles files) throws IOException {
        return files.list(any -> true).stream()
                .map(each -> each.getString("id"))
                .toList();
    }

    private List<CastEvent> events(String id) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(id + ".cast"))) {
            CastReader reader = new CastReader(in);
            reader.header();
            List<CastEvent> events = new ArrayList<>();
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                events.add(next.get());
            }
            return events;
        }
    }

    private String screen(String id, long millis) throws IOException {
        return text(files(), id, millis);
    }

    private static String text(RecordingFiles files, String id, long millis) throws IOException {
        return Snapshots.text(files.at(id, millis).terminal(), 0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Works when it is told to. */
    private static final class Disk implements Recorder.Host {
        private final Deque<Runnable> work = new ArrayDeque<>();
        private final Deque<Runnable> timers = new ArrayDeque<>();
        private long now = 5_000_000_000L;
        final List<String> failures = new ArrayList<>();
        int drained;

        void passes(long millis) {
            now += millis * 1_000_000;
        }

        boolean worksOnce() {
            Runnable next = work.poll();
            if (next == null) {
                next = timers.poll();
            }
            if (next != null) {
                next.run();
            }
            return next != null;
        }

        void works() {
            while (worksOnce()) {
                // more
            }
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void after(long nanos, Runnable task) {
            timers.add(task);
        }

        @Override
        public <T> Future<T> work(Callable<T> task) {
            Promise<T> done = Promise.promise();
            work.add(() -> {
                try {
                    done.complete(task.call());
                } catch (Exception e) {
                    done.fail(e);
                }
            });
            return done.future();
        }

        @Override
        public void begun(String id) {
            assertThat(id).isEqualTo("s-1");
        }

        @Override
        public void drained() {
            drained++;
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(cause.getMessage());
        }
    }
}
