package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class OutOfMemoryTest {
    @TempDir
    Path directory;

    private final List<Integer> halted = new ArrayList<>();
    private Path err;
    private OutOfMemory memory;

    @BeforeEach
    void open() throws IOException {
        err = directory.resolve("err");
        memory = new OutOfMemory(new FileOutputStream(err.toFile()), halted::add);
    }

    @Test
    void theErrorEndsTheProcessOnceWithItsStatusAndALine() throws IOException {
        memory.seen(new OutOfMemoryError("Java heap space"));
        memory.seen(new OutOfMemoryError("Cannot reserve 4194304 bytes of direct buffer memory"));

        assertThat(halted).containsExactly(ExitCode.OUT_OF_MEMORY);
        assertThat(Files.readAllLines(err)).singleElement().asString().contains("out of memory", "71", "-Xmx");
    }

    @Test
    void soDoesOneThatIsTheCauseOfAnother() {
        memory.seen(new CompletionException(new IllegalStateException(new OutOfMemoryError("Java heap space"))));

        assertThat(halted).hasSize(1);
    }

    @Test
    void otherErrorsDoNotNorDoesTheLimitOfThreads() {
        memory.seen(new StackOverflowError());
        memory.seen(new OutOfMemoryError("unable to create native thread: possibly out of memory"));

        assertThat(halted).isEmpty();
    }

    @Test
    void collectionsThatFreeNothingEndItTheThirdTimeInARow() {
        HeapWatch watch = new HeapWatch(1000_000);

        assertThat(watch.isOver(true, 990_000)).isFalse();
        assertThat(watch.isOver(true, 990_000)).isFalse();
        assertThat(watch.isOver(false, 900_000)).isFalse();
        assertThat(watch.isOver(true, 990_000)).isFalse();
        assertThat(watch.isOver(false, 990_000)).isFalse();
        assertThat(watch.isOver(true, 990_000)).isFalse();
        assertThat(watch.isOver(true, 990_000)).isTrue();
    }
}
