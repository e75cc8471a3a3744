package io.termbus.vt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/** A Node process with xterm.js that compares what clients see. Cases go in and verdicts come out in order. */
final class Judge implements AutoCloseable {
    private static final Path DIRECTORY = Path.of("src/test/node");
    /** Cases that may be under way: bounds the memory of both sides. */
    private static final int UNDER_WAY = 200;

    /**
     * @param operations what happened before the cut
     * @param dump the terminal's own state at the cut, empty where it is not to be compared
     * @param dirty the client has shown something else before
     */
    record Case(
            String name,
            int cols,
            int rows,
            int scrollback,
            List<Operation> operations,
            List<String> dump,
            int snapshotCols,
            int snapshotRows,
            byte[] snapshot,
            List<Operation> rest,
            List<Operation> suffix,
            boolean dirty) {
        /** Fields separated by tabs, in the order that judge.mjs reads. */
        private String toLine() {
            return String.join(
                    "\t",
                    Integer.toString(cols),
                    Integer.toString(rows),
                    Integer.toString(scrollback),
                    encode(operations),
                    encode(String.join("\n", dump).getBytes(StandardCharsets.UTF_8)),
                    Integer.toString(snapshotCols),
                    Integer.toString(snapshotRows),
                    encode(snapshot),
                    encode(rest),
                    encode(suffix),
                    dirty ? "dirty" : "");
        }

        private static String encode(List<Operation> operations) {
            return operations.stream().map(Operation::encoded).collect(Collectors.joining(","));
        }

        private static String encode(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
    }

    private final Process process;
    private final BlockingQueue<Case> waiting = new ArrayBlockingQueue<>(UNDER_WAY);
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread reader;
    private final BufferedWriter input;
    /** Written by the reader only, read when it has ended. */
    private int judged;

    private int skipped;

    Judge() throws IOException {
        Assumptions.assumeTrue(
                Files.isDirectory(DIRECTORY.resolve("node_modules/@xterm/headless")),
                "skipped: @xterm/headless is not installed in " + DIRECTORY);
        process = new ProcessBuilder("node", "judge.mjs")
                .directory(DIRECTORY.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        input = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        reader = new Thread(this::readVerdicts, "judge-verdicts");
        reader.start();
    }

    void submit(Case test) throws IOException, InterruptedException {
        if (!waiting.offer(test, 60, TimeUnit.SECONDS)) {
            throw new IOException("the judge is stuck");
        }
        input.write(test.toLine());
        input.newLine();
        input.flush();
    }

    private void readVerdicts() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                verdict(waiting.take(), line);
            }
        } catch (IOException | InterruptedException e) {
            failures.add("judge: " + e);
        }
    }

    private void verdict(Case test, String verdict) {
        judged++;
        if (verdict.startsWith("skipped")) {
            skipped++;
        } else if (!verdict.equals("ok")) {
            String failure = new String(Base64.getDecoder().decode(verdict), StandardCharsets.UTF_8);
            failures.add(
                    test.name() + " " + test.cols() + "x" + test.rows() + " scrollback " + test.scrollback() + "\n  "
                            + failure + "\n  before: " + quote(test.operations()) + "\n  snapshot: "
                            + quote(List.of(new Operation.Output(test.snapshot()))) + "\n  rest: " + quote(test.rest())
                            + "\n  suffix: " + quote(test.suffix()));
        }
    }

    private static String quote(List<Operation> operations) {
        StringBuilder out = new StringBuilder();
        for (Operation operation : operations) {
            if (operation instanceof Operation.Resize resize) {
                out.append(" [")
                        .append(resize.cols())
                        .append('x')
                        .append(resize.rows())
                        .append("] ");
            } else if (operation instanceof Operation.Output output) {
                out.append(new String(output.bytes(), StandardCharsets.UTF_8)
                        .replace("\u001b", "\\e")
                        .replace("\r", "\\r")
                        .replace("\n", "\\n"));
            }
        }
        return out.toString();
    }

    /** Waits for all verdicts. Cases that xterm.js itself cannot process (it throws) are skipped. */
    List<String> finish() throws IOException, InterruptedException {
        input.close();
        reader.join(TimeUnit.MINUTES.toMillis(5));
        assertThat(waiting).as("cases without a verdict").isEmpty();
        return failures;
    }

    int judged() {
        return judged;
    }

    int skipped() {
        return skipped;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
