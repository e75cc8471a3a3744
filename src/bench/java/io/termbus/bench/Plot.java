package io.termbus.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Medians as bars and ranges as lines across their ends, in an SVG beside the page of results. */
final class Plot {
    private static final int WIDTH = 720;
    private static final int LABELS = 300;
    private static final int NUMBERS = 60;
    private static final int ROW = 24;
    private static final int TOP = 34;

    private record Bar(String label, Stats stats) {}

    private final String title;
    private final List<Bar> bars = new ArrayList<>();

    Plot(String title) {
        this.title = title;
    }

    void bar(String label, Stats stats) {
        bars.add(new Bar(label, stats));
    }

    /** Writes it and returns the Markdown that shows it. */
    String write(Settings settings, String name) throws IOException {
        Path file = settings.page().resolveSibling("plots").resolve(name + ".svg");
        Files.createDirectories(file.getParent());
        Files.writeString(file, svg());
        return "\n![" + title + "](plots/" + name + ".svg)\n";
    }

    private String svg() {
        double most = bars.stream().mapToDouble(bar -> bar.stats().max()).max().orElse(1);
        double scale = (WIDTH - LABELS - NUMBERS) / most;
        int height = TOP + bars.size() * ROW + 10;
        StringBuilder out = new StringBuilder();
        line(
                out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">",
                WIDTH,
                height);
        line(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, height);
        line(out, "<text x=\"8\" y=\"20\" font-weight=\"bold\">%s</text>", escaped(title));
        for (int i = 0; i < bars.size(); i++) {
            row(out, bars.get(i), TOP + i * ROW, scale);
        }
        return out.append("</svg>\n").toString();
    }

    private static void row(StringBuilder out, Bar bar, int y, double scale) {
        Stats of = bar.stats();
        double end = LABELS + of.median() * scale;
        line(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", LABELS - 6, y + 15, escaped(bar.label()));
        line(
                out,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"16\" fill=\"#6a9fd4\"/>",
                LABELS,
                y + 3,
                end - LABELS);
        line(
                out,
                "<path d=\"M%.1f %dH%.1f\" stroke=\"#234\" stroke-width=\"2\"/>",
                LABELS + of.min() * scale,
                y + 11,
                LABELS + of.max() * scale);
        line(out, "<text x=\"%.1f\" y=\"%d\">%s</text>", LABELS + of.max() * scale + 6, y + 15, number(of.median()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static void line(StringBuilder out, String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
