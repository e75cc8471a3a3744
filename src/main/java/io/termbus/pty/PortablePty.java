package io.termbus.pty;

import com.pty4j.PtyProcess;
import com.pty4j.WinSize;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PTY of the {@link PortableBackend}. Its reading thread calls the listener and waits for the child; its
 * writing thread is started by the first input. The object's monitor guards the fields.
 */
final class PortablePty implements Pty {
    private static final Logger log = LoggerFactory.getLogger(PortablePty.class);
    private static final int READ_BYTES = 65_536;

    /** How often a terminal without room for input is asked again; longer the longer it has none. */
    private static final long MIN_RETRY_MS = 1;

    private static final long MAX_RETRY_MS = 50;

    private final PortableBackend backend;
    private final PtyProcess process;
    private final PtyListener listener;
    private final PortableTerminal terminal;
    private final InputQueue input;
    private long credit;
    private boolean killed;
    private boolean closed;
    private boolean writing;
    private long retryMs = MIN_RETRY_MS;

    PortablePty(PortableBackend backend, PtyProcess process, PtyListener listener) {
        this.backend = backend;
        this.process = process;
        this.listener = listener;
        terminal = new PortableTerminal(process);
        input = new InputQueue(backend.settings().inputQueueBytes());
    }

    /** Starts the reading thread. */
    void begin() {
        PortableBackend.thread("termbus-pty-read-" + process.pid(), this::readAll)
                .start();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public String device() {
        return terminal.device();
    }

    @Override
    public synchronized void request(int outputs) {
        if (outputs < 1) {
            throw new IllegalArgumentException("request at least 1, not " + outputs);
        }
        credit += outputs;
        notifyAll();
    }

    @Override
    public synchronized boolean write(byte[] bytes) {
        if (closed || !input.hasRoomFor(bytes.length)) {
            return false;
        }
        input.add(bytes, 0);
        if (!writing) {
            writing = true;
            PortableBackend.thread("termbus-pty-write-" + process.pid(), this::writeAll)
                    .start();
        }
        notifyAll();
        return true;
    }

    @Override
    public boolean writeWhenRead(byte[] bytes) {
        return write(bytes);
    }

    @Override
    public boolean editsLines() {
        return false;
    }

    @Override
    public boolean hidesInput() {
        return true;
    }

    @Override
    public InputOutcome writeInput(byte[] bytes) {
        return InputOutcome.CLOSED;
    }

    @Override
    public void endInput() {
        // There is no pipe, see PortableBackend.
    }

    @Override
    public synchronized void resize(int cols, int rows) {
        WindowSize.check(cols, rows);
        if (!closed && process.isAlive()) {
            process.setWinSize(new WinSize(cols, rows));
        }
    }

    @Override
    public synchronized void signal(String signal) {
        int number = Signals.number(signal);
        if (!closed) {
            terminal.send(number);
        }
    }

    @Override
    public synchronized void kill() {
        if (!killed && !closed) {
            killed = true;
            terminal.hangUp();
            backend.killLater(this);
        }
    }

    synchronized void killNow() {
        if (!closed) {
            terminal.kill();
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            terminal.kill();
            closed = true;
            input.clear();
            notifyAll();
        }
    }

    private void readAll() {
        try {
            copyOutput();
        } catch (IOException e) {
            log.debug("Reading {} ended: {}", device(), e.toString());
        } catch (Throwable e) {
            log.error("A listener failed, so {} is closed", device(), e);
            close();
        }
        end();
    }

    private void copyOutput() throws IOException, InterruptedException {
        byte[] buffer = new byte[READ_BYTES];
        while (awaitCredit()) {
            int length = terminal.read(buffer);
            if (length < 0) {
                return;
            }
            if (takeCredit()) {
                listener.output(Arrays.copyOf(buffer, length));
            }
        }
    }

    /** False where the PTY was closed meanwhile. */
    private synchronized boolean awaitCredit() throws InterruptedException {
        while (credit == 0 && !closed) {
            wait();
        }
        return !closed;
    }

    private synchronized boolean takeCredit() {
        credit--;
        return !closed;
    }

    private void end() {
        try {
            int code = process.waitFor();
            close();
            listener.exited(new ExitStatus(code & 0xFF, Optional.empty()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            log.error("A listener failed at the exit of {}", device(), e);
        } finally {
            terminal.release();
            backend.forget(this);
        }
    }

    private void writeAll() {
        try {
            while (awaitInput()) {
                if (terminal.writesWithoutBlocking()) {
                    writePiece();
                } else {
                    terminal.write(takePiece());
                }
            }
        } catch (IOException e) {
            log.debug("Writing {} ended: {}", device(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False where the PTY was closed. */
    private synchronized boolean awaitInput() throws InterruptedException {
        while (input.isEmpty() && !closed) {
            wait();
        }
        return !closed;
    }

    /** Under the monitor, so that the descriptor is not closed meanwhile. Waits where there is no room. */
    private synchronized void writePiece() throws IOException, InterruptedException {
        if (closed) {
            return;
        }
        int written = terminal.write(input.peek());
        input.remove(written);
        retryMs = written > 0 ? MIN_RETRY_MS : Math.min(2 * retryMs, MAX_RETRY_MS);
        if (written == 0) {
            wait(retryMs);
        }
    }

    private synchronized byte[] takePiece() {
        byte[] piece = input.peek();
        input.remove(piece.length);
        return piece;
    }
}
