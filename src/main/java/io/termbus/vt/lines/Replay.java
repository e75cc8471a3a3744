package io.termbus.vt.lines;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import java.util.ArrayList;
import java.util.List;

/** Finds the lines that a blank terminal shows after some output. Goes in steps, each by one thread. */
public final class Replay {
    private final byte[] output;
    private final Terminal terminal;
    private final ScreenWatch watch = new ScreenWatch();
    private final List<String> lines = new ArrayList<>();
    private int fed;
    private boolean looks;

    /** @param stateBytes what the terminal may take in memory */
    public Replay(byte[] output, int cols, int rows, int scrollbackLines, long stateBytes) {
        this.output = output;
        this.terminal = new Terminal(cols, rows, scrollbackLines, stateBytes, TerminalListener.SILENT);
    }

    /**
     * Takes as much as is done in a fraction of a millisecond.
     *
     * @return false when it is over; not called again then
     */
    public boolean step() {
        if (fed < output.length || terminal.isBusy()) {
            fed = terminal.feedSlice(output, fed, output.length);
            return true;
        }
        if (!looks) {
            looks = true;
            watch.begin(terminal);
        }
        return watch.step(lines::add);
    }

    /** What the terminal takes in memory, in bytes. */
    public long stateBytes() {
        return terminal.stateBytes();
    }

    /** Cuts that down; nothing while it is being looked at, which goes by the rows there are. */
    public void trim(long bytes) {
        if (!looks) {
            terminal.trim(bytes);
        }
    }

    /** When it is over. */
    public List<String> lines() {
        return lines;
    }
}
