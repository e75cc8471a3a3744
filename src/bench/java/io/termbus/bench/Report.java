package io.termbus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** The page of results: each scenario replaces its own section, between two markers. */
final class Report {
    private final Path page;
    private final int rounds;

    Report(Path page, int rounds) {
        this.page = page;
        this.rounds = rounds;
    }

    /** Writes what stands between the markers of a scenario, and prints it. */
    void section(String scenario, StringBuilder body) throws IOException {
        String begin = "<!-- bench:" + scenario + " -->";
        String end = "<!-- /bench:" + scenario + " -->";
        String text = Files.readString(page);
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(page + " has no markers " + begin + " and " + end);
        }
        String section = "\n" + stamp() + "\n\n" + body.toString().strip() + "\n";
        Files.writeString(page, text.substring(0, from + begin.length()) + section + text.substring(to));
        System.out.println("\n## " + scenario + "\n" + section);
    }

    private String stamp() throws IOException {
        return String.format(
                Locale.ROOT,
                "_%s; %s; JDK %s; load of the machine at the end %s; %d rounds._",
                LocalDate.now(ZoneOffset.UTC),
                machine(),
                Runtime.version(),
                Files.readString(Path.of("/proc/loadavg")).split(" ")[0],
                rounds);
    }

    private static String machine() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse(System.getProperty("os.arch"));
        return Runtime.getRuntime().availableProcessors() + " × " + model + ", Linux "
                + System.getProperty("os.version");
    }

    static void row(StringBuilder table, Object... cells) {
        table.append('|');
        for (Object cell : cells) {
            table.append(' ').append(cell).append(" |");
        }
        table.append('\n');
    }

    static StringBuilder table(Object... heads) {
        StringBuilder table = new StringBuilder();
        row(table, heads);
        row(table, List.of(heads).stream().map(head -> "---").toArray());
        return table;
    }
}
