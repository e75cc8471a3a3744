package io.termbus.pty;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A listener that keeps everything and can be waited for. */
final class Recorder implements PtyListener {
    static final long TIMEOUT_MS = 20_000;

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final List<Untimely> untimely = new ArrayList<>();
    private int outputs;
    private int outputsAtExit;
    private int exits;
    private int largest;
    private Optional<ExitStatus> status = Optional.empty();
    private Optional<Pty> automatic = Optional.empty();

    /** Grants a credit for each output from now on, beginning with one. */
    synchronized void follow(Pty pty) {
        automatic = Optional.of(pty);
        pty.request(1);
    }

    @Override
    public synchronized void output(byte[] bytes) {
        received.writeBytes(bytes);
        outputs++;
        largest = Math.max(largest, bytes.length);
        automatic.ifPresent(pty -> pty.request(1));
        notifyAll();
    }

    @Override
    public synchronized void exited(ExitStatus ended) {
        status = Optional.of(ended);
        outputsAtExit = outputs;
        exits++;
        notifyAll();
    }

    @Override
    public synchronized void typedUnread(Untimely what) {
        untimely.add(what);
    }

    synchronized List<Untimely> untimely() {
        return List.copyOf(untimely);
    }

    synchronized String text() {
        return received.toString(StandardCharsets.UTF_8);
    }

    synchronized byte[] bytes() {
        return received.toByteArray();
    }

    synchronized int outputs() {
        return outputs;
    }

    synchronized int outputsAfterExit() {
        return outputs - outputsAtExit;
    }

    synchronized int largest() {
        return largest;
    }

    synchronized int exits() {
        return exits;
    }

    ExitStatus awaitExit() {
        await("the exit", () -> status.isPresent());
        synchronized (this) {
            return status.orElseThrow();
        }
    }

    void awaitText(Predicate<String> condition) {
        await("output", () -> condition.test(text()));
    }

    void awaitText(String part) {
        awaitText(text -> text.contains(part));
    }

    synchronized void awaitOutputs(int count) {
        await(count + " outputs", () -> outputs >= count);
    }

    private synchronized void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TIMEOUT_MS * 1_000_000;
        while (!condition.getAsBoolean()) {
            long leftMs = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                throw new AssertionError("no " + what + " in time; exit " + status + ", output:\n" + tail());
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private String tail() {
        String text = text();
        return text.substring(Math.max(0, text.length() - 500));
    }
}
