package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.cli.terminal.Containment;
import io.termbus.cli.terminal.LocalTerminal;
import io.termbus.cli.terminal.QueryFilter;
import io.termbus.record.cast.CastEvent;
import io.termbus.record.cast.CastException;
import io.termbus.record.cast.CastReader;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a recording does to the terminal is undone at its end, and it asks the terminal nothing, whoever made it. */
@Command(
        name = "play",
        description = "Play a recording in this terminal: one of the hub, or a file. Space halts it, q ends it.")
final class PlayCommand extends HubCommand {
    private static final long MICROS_PER_MILLI = 1000;
    private static final int CTRL_C = 3;

    @Parameters(
            index = "0",
            paramLabel = "RECORDING|FILE",
            description = "An id, a session, or a file of asciicast 2 or 3.")
    private String wanted = "";

    @Option(names = "--speed", paramLabel = "X", description = "So many times as fast; 1.")
    private String speed = "1";

    @Option(names = "--at", paramLabel = "SECONDS", description = "Begin so long after its beginning.")
    private String at = "0";

    @Option(names = "--idle", paramLabel = "SECONDS", description = "No pause is longer.")
    private String idle = "";

    /** Keys of the user. */
    private final BlockingQueue<Integer> keys = new LinkedBlockingQueue<>();

    private @Nullable LocalTerminal terminal;
    private @Nullable Containment containment;
    private @Nullable QueryFilter filter;
    private double factor;
    private long longestMicros;

    @Override
    int run(HubEndpoint hub) throws CliException {
        factor = Seconds.of("--speed", speed);
        if (factor == 0) {
            throw new CliException(Status.USAGE, "--speed 0: give a number above 0");
        }
        longestMicros = idle.isEmpty() ? Long.MAX_VALUE : Seconds.millis("--idle", idle) * MICROS_PER_MILLI;
        long beginMillis = Seconds.millis("--at", at);
        Path file = context().path(wanted);
        if (Files.isRegularFile(file)) {
            return inTerminal(() -> playFile(file, beginMillis));
        }
        try (HubConnection connection = hub.connect()) {
            HubRecording recording = HubRecording.find(connection, wanted);
            return inTerminal(() -> playFrom(recording, beginMillis));
        }
    }

    private interface Playing {
        void go() throws IOException, CliException;
    }

    private int inTerminal(Playing playing) throws CliException {
        Containment own = new Containment(
                Text.printable(wanted), context().directory().toUri().toASCIIString());
        containment = own;
        filter = new QueryFilter(Optional.of(own));
        boolean present = LocalTerminal.present();
        try (LocalTerminal opened = present ? LocalTerminal.open(context().bytes(), () -> {}) : null) {
            terminal = opened;
            if (present) {
                listen();
            }
            playing.go();
            return Status.OK;
        } catch (CastException e) {
            throw new CliException(Status.CONFIG, Text.printable(wanted) + " " + e.getMessage());
        } catch (IOException e) {
            if (e.getCause() instanceof CliException) {
                throw HubRecording.failure(e);
            }
            return Status.ofClosedOutput(e);
        }
    }

    private void listen() {
        Thread keyboard = new Thread(
                () -> {
                    try {
                        for (int key = context().in().read();
                                key >= 0;
                                key = context().in().read()) {
                            keys.add(key);
                        }
                    } catch (IOException e) {
                        keys.add(CTRL_C);
                    }
                },
                "termbus-keys");
        keyboard.setDaemon(true);
        keyboard.start();
    }

    private void playFile(Path file, long beginMillis) throws IOException, CliException {
        try (InputStream in = Files.newInputStream(file)) {
            CastReader reader = new CastReader(in);
            reader.header();
            play(reader, beginMillis * MICROS_PER_MILLI);
        }
    }

    /** At once, however late that is. */
    private void playFrom(HubRecording recording, long beginMillis) throws IOException, CliException {
        JsonObject screen = recording.seek(beginMillis, "ansi");
        write(screen.getString("data").getBytes(StandardCharsets.UTF_8));
        long micros = screen.getLong("atMs") * MICROS_PER_MILLI;
        try (InputStream in = recording.open(screen.getLong("position"))) {
            play(new CastReader(in, screen.getLong("position"), micros), beginMillis * MICROS_PER_MILLI);
        }
    }

    private void play(CastReader reader, long beginMicros) throws IOException {
        long before = beginMicros;
        for (Optional<CastEvent> next = reader.next(); next.isPresent(); next = reader.next()) {
            CastEvent event = next.get();
            if (!passes(Math.min(longestMicros, event.micros() - before))) {
                return;
            }
            before = Math.max(before, event.micros());
            if (event.code() == CastEvent.OUTPUT) {
                write(event.data().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** False where the user has had enough. */
    private boolean passes(long micros) {
        long left = micros <= 0 ? 0 : (long) (micros * 1000.0 / factor);
        try {
            long end = System.nanoTime() + left;
            Integer key = keys.poll(left, TimeUnit.NANOSECONDS);
            while (key != null) {
                if (isLast(key)) {
                    return false;
                }
                long halted = System.nanoTime();
                if (key == ' ' && isLast(keys.take())) {
                    return false;
                }
                end += System.nanoTime() - halted;
                key = keys.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isLast(int key) {
        return key == 'q' || key == CTRL_C;
    }

    private void write(byte[] bytes) throws IOException {
        byte[] shown = filter == null ? bytes : filter.filter(bytes);
        if (terminal != null && containment != null) {
            terminal.leaveBy(containment.leave());
            terminal.write(shown);
        } else {
            context().bytes().write(shown);
        }
    }
}
