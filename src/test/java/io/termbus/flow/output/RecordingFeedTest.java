package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.config.TestConfig;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.Payload;
import io.termbus.protocol.SessionMessage;
import io.termbus.protocol.SessionMessage.Snapshot;
import io.termbus.record.RecordingFiles;
import io.termbus.record.cast.CastEvent;
import io.termbus.record.cast.CastHeader;
import io.termbus.record.cast.CastReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session's recording as a reader of its output, with a disk that works when it is told to. */
@Timeout(60)
class RecordingFeedTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private final FlowFixture f = new FlowFixture();
    private final Disk disk = new Disk();

    private RecordingFiles files;

    @BeforeEach
    void files() {
        files = new RecordingFiles(folder, TestConfig.of("record.mode=output").record(), InstantSource.system());
    }

    private RecordingFeed begin() {
        RecordingFeed feed = new RecordingFeed(FlowFixture.SESSION, f.flow, f.outlet, files, disk);
        f.flow.add(feed);
        feed.begin(CastHeader.of(80, 24, Instant.EPOCH, "title", List.of("sh")));
        return feed;
    }

    @Test
    void fromTheFirstByteToTheExitItNeedsNoSnapshot() throws IOException {
        RecordingFeed feed = begin();
        f.write(10);
        f.flow.resized(100, 30);
        f.write(5);
        f.flow.exited(3, Optional.empty());
        settle();

        assertThat(codes()).containsExactly("o", "r 100x30", "o", "x 3");
        assertThat(feed.ended().result()).isEqualTo("exited");
        assertThat(f.outlet.snapshotsWanted).isEmpty();
        f.flow.removed();
        assertThat(f.flow.isFinished()).isTrue();
    }

    @Test
    void begunInTheMiddleItBeginsWithASnapshot() throws IOException {
        f.write(1000);
        RecordingFeed feed = begin();
        f.write(10);
        settle();
        assertThat(codes()).isEmpty();

        answer(1010);
        f.write(7);
        feed.end("stopped");
        settle();

        assertThat(codes()).containsExactly("o state of 1010", "o");
        assertThat(feed.begun().result()).isEqualTo(FlowFixture.SESSION + "-1");
    }

    /** 40 MiB for a disk that stands still: the program goes on, and so does the recording when the disk does. */
    @Test
    void aDiskThatLagsTooFarCostsAGapAndHoldsNobodyUp() throws IOException {
        begin();
        settle();
        for (int i = 0; i < 40 * 16; i++) {
            f.write(65_536);
        }
        assertThat(f.outlet.taken).isEqualTo(40 * 16);
        assertThat(gapSnapshots()).isZero();

        settle();
        assertThat(gapSnapshots()).isEqualTo(1);
        answer(40L * MIB);
        f.write(3);
        f.flow.exited(0, Optional.empty());
        settle();

        List<String> codes = codes();
        String gap =
                codes.stream().filter(code -> code.startsWith("m")).findFirst().orElseThrow();
        long lost = Long.parseLong(gap.replaceAll("[^0-9]", ""));
        assertThat(lost).isBetween(8L * MIB - 65_536, 8L * MIB + 65_536);
        assertThat(codes.subList(codes.indexOf(gap), codes.size()))
                .containsExactly(gap, "r 80x24", "o \033cstate of " + 40L * MIB, "o", "x 0");
    }

    /** Keyframes are wanted with scrollback as well; these are dropped. */
    private int gapSnapshots() {
        int wanted = f.outlet.snapshotsWanted.size();
        return disk.work.isEmpty() && wanted > 0 ? 1 : 0;
    }

    @Test
    void aClearedScrollbackIsTold() throws IOException {
        RecordingFeed feed = begin();
        f.write(10);
        f.flow.cleared();
        settle();
        answer(10);
        f.write(5);
        feed.end("stopped");
        settle();

        assertThat(codes()).containsExactly("o", "r 80x24", "o \033cstate of 10", "o");
    }

    @Test
    void aKeyframeIsWantedEach4MiBAndEachMinuteInWhichSomethingCame() {
        begin();
        settle();
        f.write(MIB);
        f.write(MIB);
        f.write(MIB);
        assertThat(f.outlet.snapshotsWanted).isEmpty();
        f.write(MIB);
        assertThat(f.outlet.snapshotsWanted).hasSize(1);
        answer(4 * MIB);

        f.outlet.pass(Duration.ofSeconds(61));
        f.write(65_535);
        assertThat(f.outlet.snapshotsWanted).isEmpty();
        f.write(1);
        assertThat(f.outlet.snapshotsWanted).hasSize(1);
        settle();
    }

    @Test
    void aDiskThatFailsEndsTheRecordingAndNothingElse() {
        disk.fails = true;
        RecordingFeed feed = begin();
        f.write(10);
        settle();

        assertThat(feed.ended().result()).isEqualTo("no space left");
        assertThat(feed.begun().failed()).isTrue();
        f.write(10);
        assertThat(f.outlet.taken).isEqualTo(2);
    }

    /** The disk is others': a session that prints now and then has nothing waiting. */
    @Test
    void whereOthersHoldTheRoomItGoesOnWhenTheyLeaveIt() throws IOException {
        RecordingFeed feed = begin();
        f.write(10);
        settle();
        long others = Runtime.getRuntime().maxMemory();
        files.waits(others);
        f.write(10);
        f.flow.exited(0, Optional.empty());
        settle();
        assertThat(feed.isOver()).isFalse();
        assertThat(f.outlet.snapshotsWanted).isEmpty();

        files.waits(-others);
        settle();
        answer(20);
        settle();

        assertThat(codes()).containsExactly("o", "m gap: 10 bytes are missing", "r 80x24", "o \033cstate of 20", "x 0");
        assertThat(feed.ended().result()).isEqualTo("exited");
        assertThat(f.outlet.timers()).isZero();
    }

    @Test
    void whereOthersHoldTheRoomForEverItEndsWithItsSession() throws IOException {
        RecordingFeed feed = begin();
        settle();
        files.waits(Runtime.getRuntime().maxMemory());
        f.write(10);
        f.flow.exited(4, Optional.empty());
        f.flow.removed();
        settle();

        assertThat(codes()).containsExactly("m gap: 10 bytes are missing", "x 4");
        assertThat(feed.ended().result()).isEqualTo("exited");
        assertThat(f.flow.isFinished()).isTrue();
    }

    /** Each of these states may have megabytes. */
    @Test
    void whatIsClearedAgainAndAgainWaitsWithinTheLimitToo() throws IOException {
        RecordingFeed feed = begin();
        settle();
        files.waits(Runtime.getRuntime().maxMemory());
        for (int i = 0; i < 5; i++) {
            f.flow.cleared();
            answer(0);
        }
        files.waits(-Runtime.getRuntime().maxMemory());
        settle();
        answer(0);
        feed.end("stopped");
        settle();

        assertThat(codes()).containsExactly("o state of 0");
    }

    @Test
    void oneThatFailsAtOnceIsForgottenAndTellsNoPath() {
        disk.failsAtOnce = true;
        List<SessionMessage> told = new ArrayList<>();
        RecordingFeeds feeds = new RecordingFeeds(f.outlet, files, disk, (session, message) -> told.add(message));
        FlowMessage.Record asked = new FlowMessage.Record(FlowFixture.SESSION, true, 80, 24, "title", List.of("sh"));

        for (int i = 1; i <= 2; i++) {
            assertThat(feeds.record(asked, f.flow).cause())
                    .hasMessage("the recording cannot be written: NoSuchFileException");
            assertThat(told).hasSize(i);
        }
        disk.failsAtOnce = false;
        Future<JsonObject> begun = feeds.record(asked, f.flow);
        settle();
        assertThat(begun.result().getString("recording")).isEqualTo(FlowFixture.SESSION + "-1");
        feeds.close();
        settle();
        f.flow.removed();
        assertThat(f.flow.isFinished()).isTrue();
    }

    private void answer(long offset) {
        while (!f.outlet.snapshotsWanted.isEmpty()) {
            FakeOutlet.Wanted wanted = f.outlet.snapshotsWanted.remove();
            assertThat(wanted.scrollbackLines()).isEqualTo(1000);
            wanted.answer().complete(new Snapshot(offset, 80, 24, Payload.ofText("state of " + offset), true));
        }
    }

    private void settle() {
        for (int i = 0; i < 3; i++) {
            disk.works();
            f.outlet.passMillis(150);
        }
        disk.works();
    }

    /** Events without the text of output, unless that is a state. */
    private List<String> codes() throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(FlowFixture.SESSION + "-1.cast"))) {
            CastReader reader = new CastReader(in);
            reader.header();
            List<String> codes = new ArrayList<>();
            for (Optional<CastEvent> next = reader.next(); next.isPresent(); next = reader.next()) {
                CastEvent event = next.get();
                boolean output =
                        event.code() == CastEvent.OUTPUT && !event.data().contains("state of");
                codes.add(event.code() + (output ? "" : " " + event.data()));
            }
            return codes;
        }
    }

    private static final class Disk implements WorkerExecutor {
        final Deque<Runnable> work = new ArrayDeque<>();
        boolean fails;
        boolean failsAtOnce;

        void works() {
            for (Runnable next = work.poll(); next != null; next = work.poll()) {
                next.run();
            }
        }

        @Override
        public <T> Future<T> executeBlocking(Callable<T> task, boolean ordered) {
            if (failsAtOnce) {
                return Future.failedFuture(new NoSuchFileException("/home/of/the/hub"));
            }
            Promise<T> done = Promise.promise();
            work.add(() -> {
                try {
                    if (fails) {
                        throw new IOException("no space left");
                    }
                    done.complete(task.call());
                } catch (Exception e) {
                    done.fail(e);
                }
            });
            return done.future();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
