package io.termbus.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Echo of eight sessions while another one's program prints one expensive sequence in a loop; beside {@code yes}. */
final class HostileOutput {
    private static final int HONEST = 8;
    private static final int KEYS = 100;
    private static final int BEGIN_MS = 500;
    private static final int[][] SIZES = {{80, 24}, {1000, 1000}};

    private HostileOutput() {}

    /** What is printed; the first is what the others are compared with. */
    private static Map<String, String> programs() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("yes", "y\\r\\n");
        all.put("REP", "x\\033[2147483647b");
        all.put("REP of a wide character", "\\344\\270\\226\\033[2147483647b");
        all.put("REP in insert mode", "\\033[4hx\\033[2147483647b");
        all.put("DECALN", "\\033#8");
        all.put("ED in colour", "\\033[41m\\033[2J");
        all.put("selective ED", "\\033[1\\\"qx\\033[?2J");
        all.put("IL and DL", "\\033[H\\033[9L\\033[9M");
        all.put("ICH and DCH", "\\033[9@\\033[9P");
        all.put("SL and SR", "\\033[ @\\033[ A");
        all.put("SU and SD in margins", "\\033[2;23r\\033[S\\033[T");
        all.put("line feeds in colour", "\\033[41m\\n");
        all.put("queries", "\\033[c\\033[6n\\033[?1\\$p");
        all.put("titles", "\\033]2;tttttttttttttttttttttttttttttttttttt\\007");
        all.put("palette queries", "\\033]4;1;?;2;?;3;?;4;?;5;?;6;?;7;?;8;?\\007");
        all.put("alternate screen", "\\033[?1049h\\033[?1049l");
        all.put("RIS", "\\033c");
        all.put("tab stops", "\\033H\\033[C\\033[1000I\\033[1000Z");
        all.put("links", "\\033]8;;http://x/uuuuuuuuuuuuuuuuuuuuu\\033\\\\\\\\x\\033]8;;\\033\\\\\\\\");
        all.put("marks and underline colours", "\\033[4;58;2;1;2;3me\\314\\201\\033[24m");
        return all;
    }

    static StringBuilder run(Settings settings) throws Exception {
        StringBuilder table = Report.table("output", "size", "p50 ms", "p99 ms", "p99 to that beside yes");
        try (HubProcess hub = HubProcess.start(settings, "session.exitedRetentionSeconds=1", "flow.stallSeconds=0")) {
            beside(hub, "y\\r\\n", 80, 24); // warms up
            for (int[] size : SIZES) {
                double yes = 0;
                for (Map.Entry<String, String> program : programs().entrySet()) {
                    Stats ms = beside(hub, program.getValue(), size[0], size[1]);
                    yes = yes == 0 ? ms.percentile(99) : yes;
                    Report.row(
                            table,
                            program.getKey(),
                            size[0] + "×" + size[1],
                            String.format(Locale.ROOT, "%.2f", ms.median()),
                            String.format(Locale.ROOT, "%.2f", ms.percentile(99)),
                            String.format(Locale.ROOT, "%.1f", ms.percentile(99) / yes));
                }
            }
        }
        return table;
    }

    private static Stats beside(HubProcess hub, String output, int cols, int rows) throws Exception {
        String loop = "stty raw -echo; b=$(printf '" + output + "%.0s' $(seq 1 200); echo .); b=${b%.}; "
                + "while :; do printf '%s' \"$b\"; done";
        Stats all = new Stats();
        try (BusClient control = BusClient.tcp(hub)) {
            String hostile = control.create(List.of("sh", "-c", loop), cols, rows);
            Thread.sleep(BEGIN_MS);
            List<Thread> honest = new ArrayList<>();
            for (int i = 0; i < HONEST; i++) {
                honest.add(Latency.started(() -> {
                    try {
                        Stats ms = Latency.echo(hub, BusClient.Transport.TCP, KEYS, false);
                        synchronized (all) {
                            all.addAll(ms);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
            }
            for (Thread each : honest) {
                each.join();
            }
            control.kill(hostile);
            Leaks.awaitNoSessions(control);
        }
        return all;
    }
}
