package io.termbus.pty;

import java.util.concurrent.CompletableFuture;

/** What is left of a PTY whose child has ended and whose output was delivered: nothing can be done with it. */
public record EndedPty(long pid, String device) implements Pty {
    @Override
    public void request(int outputs) {
        // there are none
    }

    @Override
    public boolean write(byte[] bytes) {
        return false;
    }

    @Override
    public boolean writeWhenRead(byte[] bytes) {
        return false;
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
        // it has ended
    }

    @Override
    public void resize(int cols, int rows) {
        // nobody is told
    }

    @Override
    public void signal(String signal) {
        // nobody is there
    }

    @Override
    public CompletableFuture<Void> suspend() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void kill() {
        // it has ended
    }

    @Override
    public void close() {
        // it is
    }
}
