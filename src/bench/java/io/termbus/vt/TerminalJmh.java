package io.termbus.vt;

import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.termbus.vt.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The terminal's state: 1 MiB of output in pieces of 64 KiB, and a snapshot after it with 10,000 lines of scrollback. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TerminalJmh {
    private static final int BYTES = 1 << 20;
    private static final int PIECE = 1 << 16;
    private static final int SCROLLBACK = 10_000;
    private static final String LATIN = "L'été dernier, les élèves ont déjà étudié à l'école où Zoë prépare sa thèse; "
            + "über die Größe der Wörter läßt sich schön streiten, año tras año. ";
    private static final String[] EMOJI = {"😀", "👍🏽", "👩‍💻", "❤️", "🇩🇪", "👨‍👩‍👧"};

    /** Short numbers, full lines, colours and moves, a log, a colour for each cell, and writing that is not ASCII. */
    @Param({"numbers", "lines", "escapes", "log", "truecolour", "latin", "cjk", "emoji"})
    public String output;

    private byte[] bytes;
    private Terminal terminal;

    @Setup
    public void setUp() {
        Random random = new Random(42);
        StringBuilder text = new StringBuilder();
        while (text.length() < BYTES) {
            text.append(piece(random));
        }
        bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        terminal = new Terminal(80, 24, SCROLLBACK, TerminalListener.SILENT);
        feed();
    }

    private String piece(Random random) {
        int n = random.nextInt(256);
        return switch (output) {
            case "numbers" -> n * 4000 + "\r\n";
            case "lines" -> "x".repeat(80) + "\r\n";
            case "log" ->
                "\033[2m12:34:56." + (100 + n) + "\033[32m INFO\033[0m request " + n + " took " + n * 7
                        + " ms: GET /api/v1/sessions\r\n";
            case "truecolour" -> "\033[38;2;" + n + ";" + (255 - n) + ";" + random.nextInt(256) + "m#";
            case "latin" -> LATIN.substring(n % 64) + "\r\n";
            case "cjk" -> ideographs(random, 40) + "\r\n";
            case "emoji" -> ideographs(random, 5) + EMOJI[n % EMOJI.length];
            default -> "\033[38;5;" + n + "mword\033[1;4m" + n + "\033[0m\033[" + (1 + n % 24) + ";9H\033[K\r\n";
        };
    }

    private static String ideographs(Random random, int count) {
        return random.ints(count, 0x4E00, 0x9000).mapToObj(Character::toString).collect(Collectors.joining());
    }

    @Benchmark
    public int feed() {
        for (int at = 0; at < bytes.length; at += PIECE) {
            terminal.feed(bytes, at, Math.min(bytes.length, at + PIECE));
        }
        return terminal.cursorX();
    }

    @Benchmark
    public byte[] snapshot() {
        return Snapshots.ansi(terminal, SCROLLBACK);
    }
}
