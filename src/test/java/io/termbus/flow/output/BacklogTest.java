package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Payload;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private long written;

    private void write(Backlog backlog, int length, long keepFrom) {
        backlog.append(Payload.of(FlowFixture.pattern(written, length)), keepFrom);
        written += length;
    }

    @Test
    void keepsTheNewestBytesUpToTheLimit() {
        Backlog backlog = new Backlog(10_000);
        for (int i = 0; i < 100; i++) {
            write(backlog, 777, Long.MAX_VALUE);
        }

        assertThat(backlog.end()).isEqualTo(77_700);
        assertThat(backlog.end() - backlog.start()).isEqualTo(10_000);
        assertThat(backlog.read(backlog.start(), backlog.end()).bytes()).isEqualTo(FlowFixture.pattern(67_700, 10_000));
    }

    @Test
    void everySliceIsExactWhateverWasWritten() {
        Random random = new Random(7);
        Backlog backlog = new Backlog(50_000);
        for (int i = 0; i < 2_000; i++) {
            write(backlog, 1 + random.nextInt(9_000), Long.MAX_VALUE);
            long from = backlog.start() + random.nextInt((int) (backlog.end() - backlog.start()) + 1);
            long to = from + random.nextInt((int) (backlog.end() - from) + 1);
            assertThat(backlog.read(from, to).bytes()).isEqualTo(FlowFixture.pattern(from, (int) (to - from)));
        }
    }

    @Test
    void dropsNothingThatALosslessSubscriberStillNeeds() {
        Backlog backlog = new Backlog(1_000);
        write(backlog, 1_000, 0);
        write(backlog, 600, 0);

        assertThat(backlog.start()).isZero();
        assertThat(backlog.read(0, 1_600).bytes()).isEqualTo(FlowFixture.pattern(0, 1_600));
    }

    @Test
    void anOutputLargerThanTheLimitIsKeptWhole() {
        Backlog backlog = new Backlog(1_000);
        write(backlog, 300, Long.MAX_VALUE);
        write(backlog, 65_536, Long.MAX_VALUE);

        assertThat(backlog.start()).isEqualTo(300);
        assertThat(backlog.read(300, backlog.end()).bytes()).isEqualTo(FlowFixture.pattern(300, 65_536));
    }

    @Test
    void subscribersThatAreUpToDateShareThePayload() {
        Backlog backlog = new Backlog(1_000);
        Payload payload = Payload.ofText("hello");
        backlog.append(payload, Long.MAX_VALUE);

        assertThat(backlog.read(0, 5)).isSameAs(payload);
        assertThat(backlog.read(1, 4)).isSameAs(backlog.read(1, 4));
    }

    @Test
    void sizesAreMarkedWhereTheyBegin() {
        Backlog backlog = new Backlog(1_000);
        write(backlog, 100, Long.MAX_VALUE);
        backlog.resized(10, 20);
        backlog.resized(30, 40);
        write(backlog, 100, Long.MAX_VALUE);

        Backlog.SizeMark mark = backlog.nextMark(0, null);
        assertThat(mark).isEqualTo(new Backlog.SizeMark(100, 30, 40));
        assertThat(backlog.nextMark(100, mark)).isNull();
        assertThat(backlog.nextMark(101, null)).isNull();
    }

    @Test
    void manySizesCostBoundedMemory() {
        Backlog backlog = new Backlog(1_000_000);
        for (int i = 0; i < 10_000; i++) {
            write(backlog, 1, Long.MAX_VALUE);
            backlog.resized(1 + i % 100, 1);
        }

        assertThat(backlog.end() - backlog.start()).isLessThanOrEqualTo(1_024);
    }
}
