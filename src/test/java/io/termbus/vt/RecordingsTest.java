package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Output of real programs in a PTY of 80x24, cut at many points. */
@Timeout(300)
class RecordingsTest {
    private static final int CUTS = 100;

    @ParameterizedTest
    @ValueSource(strings = {"bash", "htop", "less", "mc", "nano", "tmux", "vim"})
    void anyCutOfADamagedRecordingShowsTheSame(String program) throws Exception {
        byte[] stream = Files.readAllBytes(Path.of("src/test/resources/recordings/" + program + ".bin"));
        Random random = new Random(program.hashCode());
        try (Judge judge = new Judge()) {
            for (int i = 0; i < CUTS; i++) {
                byte[] damaged = damage(stream, random);
                judge.submit(
                        Differential.cut(program + " damaged", 80, 24, damaged, random.nextInt(damaged.length + 1)));
            }
            assertThat(judge.finish()).isEmpty();
            assertThat(judge.judged()).isEqualTo(CUTS);
        }
    }

    /** A part of the recording with some bytes lost, changed or repeated. */
    private static byte[] damage(byte[] stream, Random random) {
        int from = random.nextInt(stream.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = from; i < Math.min(stream.length, from + 4000); i++) {
            switch (random.nextInt(200)) {
                case 0 -> {}
                case 1 -> out.write("\u001b[;?0123456789mHJKr\r\n~".charAt(random.nextInt(22)));
                case 2 -> i = Math.max(from, i - random.nextInt(30));
                default -> out.write(stream[i]);
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "htop", "less", "mc", "nano", "tmux", "vim"})
    void anyCutOfARealProgramShowsTheSame(String program) throws Exception {
        byte[] stream = Files.readAllBytes(Path.of("src/test/resources/recordings/" + program + ".bin"));
        Random random = new Random(program.hashCode());
        try (Judge judge = new Judge()) {
            for (int i = 0; i < CUTS; i++) {
                judge.submit(Differential.cut(program, 80, 24, stream, random.nextInt(stream.length + 1)));
            }
            assertThat(judge.finish()).isEmpty();
            assertThat(judge.judged()).isEqualTo(CUTS);
            assertThat(judge.skipped()).isZero();
        }
    }
}
