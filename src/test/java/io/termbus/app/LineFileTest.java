package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LineFileTest {
    private static final int ENDLESS = Integer.MAX_VALUE;

    @TempDir
    private Path directory;

    private Path path;
    private LineFile file;
    /** Bytes that the disk takes. */
    private int room = ENDLESS;

    @BeforeEach
    void open() throws IOException {
        path = directory.resolve("lines");
        file = new LineFile(path, 1000, this::disk);
        file.open();
    }

    private OutputStream disk(Path opened) throws IOException {
        FileOutputStream out = new FileOutputStream(opened.toFile(), true);
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                int taken = Math.min(room, count);
                out.write(bytes, from, taken);
                room -= taken;
                if (taken < count) {
                    throw new IOException("No space left on device");
                }
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    @Test
    void aLineThatDoesNotFitIsNotThereAtAll() throws Exception {
        file.append("one");
        for (room = 0; room < 4; ) {
            int left = room;
            assertThatThrownBy(() -> file.append("two")).hasMessage("No space left on device");
            assertThat(path).hasContent("one\n");
            room = left + 1;
        }
        room = ENDLESS;

        file.append("three");

        assertThat(path).hasContent("one\nthree\n");
    }

    @Test
    void oneThatWasTakenAwayIsMadeAnewAndIsPrivate() throws Exception {
        file.append("one");
        Files.move(path, directory.resolve("moved"));
        file.append("two");
        Files.delete(path);
        file.append("three");

        assertThat(directory.resolve("moved")).hasContent("one\n");
        assertThat(path).hasContent("three\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void whereItsDirectoryIsGoneALineIsRefusedUntilItIsThereAgain() throws Exception {
        Path inner = Files.createDirectory(directory.resolve("inner"));
        LineFile there = new LineFile(inner.resolve("lines"), 1000, this::disk);
        there.open();
        there.append("one");
        Files.delete(inner.resolve("lines"));
        Files.delete(inner);

        assertThatThrownBy(() -> there.append("two")).isInstanceOf(IOException.class);
        Files.createDirectory(inner);
        there.append("three");

        assertThat(inner.resolve("lines")).hasContent("three\n");
    }

    @Test
    void aLastLineThatIsNotWholeIsCutWhenItIsOpened() throws Exception {
        for (String[] each :
                new String[][] {{"{\"a\":1}\n{\"b\"", "{\"a\":1}\n"}, {"{\"b\"", ""}, {"", ""}, {"x\n", "x\n"}}) {
            Files.writeString(path, each[0]);
            file.open();
            file.append("next");
            assertThat(path).hasContent(each[1] + "next\n");
        }
    }
}
