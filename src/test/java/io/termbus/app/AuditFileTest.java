package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.termbus.audit.Audit;
import io.vertx.core.json.JsonObject;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
class AuditFileTest {
    private static final int MAX_BYTES = 2000;

    @TempDir
    Path directory;

    private final List<AuditFile> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(file -> {
            ((Logger) LoggerFactory.getLogger(Audit.LOGGER)).detachAppender(file);
            file.stop();
        });
    }

    private Path open() throws IOException {
        Path file = directory.resolve("audit.log");
        opened.add(AuditFile.open(file, MAX_BYTES));
        return file;
    }

    private static void record(int from, int to) {
        IntStream.range(from, to).forEach(i -> Audit.record("login", new JsonObject().put("n", i), Audit.OK));
    }

    private static List<Integer> numbers(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> new JsonObject(line).getInteger("n"))
                .toList();
    }

    private Path old(int number) {
        return directory.resolve("audit.log." + number);
    }

    @Test
    void itHoldsNothingButTheJsonLines() throws Exception {
        Path file = open();

        Audit.record("create", new JsonObject().put("user", "ann\n{}").put("id", "s1"), Audit.OK);

        assertThat(Files.readAllLines(file)).hasSize(1);
        JsonObject line = new JsonObject(Files.readString(file));
        assertThat(line.fieldNames()).containsExactly("time", "event", "user", "id", "outcome");
        assertThat(line.getString("user")).isEqualTo("ann\n{}");
    }

    @Test
    void aFullOneMakesRoomForANewOneAndFourOldOnesAreKept() throws Exception {
        Path file = open();

        record(0, 400);

        List<Integer> kept = new ArrayList<>();
        for (int i = AuditFile.OLD_FILES; i > 0; i--) {
            assertThat(Files.size(old(i))).isBetween((long) MAX_BYTES, MAX_BYTES + 200L);
            kept.addAll(numbers(old(i)));
        }
        kept.addAll(numbers(file));
        assertThat(old(AuditFile.OLD_FILES + 1)).doesNotExist();
        assertThat(kept)
                .endsWith(399)
                .isEqualTo(IntStream.rangeClosed(kept.get(0), 399).boxed().toList());
    }

    @Test
    void allOfThemArePrivate() throws Exception {
        open();

        record(0, 400);

        try (var files = Files.list(directory)) {
            assertThat(files.toList())
                    .hasSize(1 + AuditFile.OLD_FILES)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void aHubThatStartsAgainGoesOnWhereItEnded() throws Exception {
        Path file = open();
        record(0, 3);
        close();
        opened.clear();

        open();
        record(3, 5);

        assertThat(numbers(file)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void whatWasLostIsCountedWhenItCanBeWrittenAgain() throws Exception {
        AtomicBoolean full = new AtomicBoolean();
        Path file = directory.resolve("audit.log");
        opened.add(AuditFile.open(new LineFile(file, MAX_BYTES, path -> new FileOutputStream(path.toFile(), true) {
            @Override
            public void write(byte[] bytes) throws IOException {
                if (full.get()) {
                    super.write(bytes, 0, bytes.length / 2);
                    throw new IOException("No space left on device");
                }
                super.write(bytes);
            }
        })));
        ListAppender<ILoggingEvent> log = logOf(AuditFile.class);
        record(0, 2);

        full.set(true);
        record(2, 7);
        full.set(false);
        record(7, 8);

        List<JsonObject> lines =
                Files.readAllLines(file).stream().map(JsonObject::new).toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(2).getString("event")).isEqualTo("lost");
        assertThat(lines.get(2).getInteger("count")).isEqualTo(5);
        assertThat(lines.get(2).getString("outcome")).isEqualTo("No space left on device");
        assertThat(lines.get(2).getString("since"))
                .isBetween(lines.get(1).getString("time"), lines.get(2).getString("time"));
        assertThat(lines.get(3).getInteger("n")).isEqualTo(7);
        assertThat(log.list.stream().map(ILoggingEvent::getLevel)).containsExactly(Level.ERROR, Level.WARN);
    }

    private static ListAppender<ILoggingEvent> logOf(Class<?> who) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(who)).addAppender(log);
        return log;
    }

    @Test
    void whatIsNoFileIsRefused() throws Exception {
        Files.createDirectory(directory.resolve("audit.log"));

        assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    }
}
