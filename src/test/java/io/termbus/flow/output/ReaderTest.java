package io.termbus.flow.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Any kind of reader is served as subscribers and nodes are. */
class ReaderTest {
    private static final int BACKLOG = 1000;

    private final FlowFixture f = new FlowFixture(new FlowFixture.Limits().backlog(BACKLOG));
    private final Recording recording = new Recording(f.flow);

    ReaderTest() {
        f.flow.add(recording);
    }

    @Test
    void thePtyWaitsWhileTheBacklogIsFullOfWhatAReaderKeeps() {
        recording.mayTake = false;
        f.writeTimes(2, BACKLOG / 2);
        f.write(10);
        assertThat(f.outlet.taken).isEqualTo(1);

        recording.mayTake = true;
        recording.run();
        f.flow.moved(recording);

        assertThat(f.outlet.taken).isEqualTo(3);
        assertThat(recording.bytes.toByteArray()).isEqualTo(FlowFixture.pattern(0, BACKLOG + 10));
    }

    @Test
    void itCountsForNoSubscriberAndIsLosslessForTheBacklog() {
        recording.mayTake = false;
        f.write(100);
        f.flow.cleared();

        assertThat(f.flow.total()).isZero();
        assertThat(f.flow.held(0, 100).payload().length()).isEqualTo(100);
        assertThat(f.outlet.lags).isTrue();
    }

    @Test
    void ofASessionThatIsRemovedItGetsTheRestAndLeaves() {
        recording.mayTake = false;
        f.write(100);
        f.flow.exited(3, Optional.empty());
        f.flow.removed();
        assertThat(f.flow.isFinished()).isFalse();

        recording.mayTake = true;
        recording.run();
        f.flow.moved(recording);

        assertThat(recording.exit).contains(new Exit(3, Optional.empty()));
        assertThat(recording.bytes.size()).isEqualTo(100);
        assertThat(f.flow.isFinished()).isTrue();
    }

    @Test
    void itIsToldThatTheHubShutsDown() {
        f.flow.shutDown();

        assertThat(recording.isShutDown).isTrue();
    }

    /** Takes all output when it may. */
    private static final class Recording implements Reader {
        private final SessionFlow flow;
        private final Cursor cursor;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean mayTake = true;
        boolean isShutDown;
        Optional<Exit> exit = Optional.empty();

        Recording(SessionFlow flow) {
            this.flow = flow;
            this.cursor = new Cursor(flow.output().backlog(), flow.end());
        }

        @Override
        public void run() {
            while (mayTake && !cursor.isAtEnd()) {
                bytes.writeBytes(cursor.take(BACKLOG).bytes());
            }
            if (cursor.isAtEnd()) {
                exit = flow.output().exit();
            }
        }

        @Override
        public long keepFrom() {
            return cursor.offset();
        }

        @Override
        public boolean isLossless() {
            return true;
        }

        @Override
        public boolean lags() {
            return !cursor.isAtEnd();
        }

        @Override
        public int subscribers() {
            return 0;
        }

        @Override
        public boolean isDone() {
            return exit.isPresent();
        }

        @Override
        public void finish() {
            flow.remove(this);
        }

        @Override
        public void shutDown() {
            isShutDown = true;
        }
    }
}
