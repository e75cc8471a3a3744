package io.termbus.bench;

import io.termbus.auth.ShareModel;
import io.termbus.cluster.RosterModel;
import io.termbus.flow.edge.LinkModel;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What clusters of many nodes send when nothing happens: the classes that decide it, of all nodes, in one virtual time.
 * One run is enough, as it comes out the same each time.
 */
final class Scale {
    private static final List<Integer> NODES = List.of(10, 100, 1_000);
    private static final int SUBSCRIBERS = 100_000;
    private static final int SESSIONS = 2_000;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int SECONDS = 60;
    private static final int WARM_UP_SECONDS = 20;

    private final StringBuilder table =
            Report.table("nodes", "what", "messages a node and second", "bytes a node and second");
    private final Plot plot = new Plot("messages a node and second, in virtual time");
    private final StringBuilder links =
            Report.table("nodes", "links", "a node", "messages, one question a link", "messages, one a pair of nodes");

    static StringBuilder run(Settings settings) throws Exception {
        return new Scale().report(settings);
    }

    private StringBuilder report(Settings settings) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            for (int nodes : NODES) {
                roster(nodes, 0, "who is there");
                roster(nodes, nodes / 2, "the same, half of them not listed by the membership");
                shares(nodes, vertx, settings);
                links(nodes);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
        return new StringBuilder()
                .append(SUBSCRIBERS + " subscribers of " + SESSIONS + " idle sessions, all at random nodes.\n\n")
                .append(table)
                .append('\n')
                .append(links)
                .append(plot.write(settings, "scale"));
    }

    private static List<String> names(int nodes) {
        return IntStream.range(0, nodes)
                .mapToObj(i -> String.format(Locale.ROOT, "node-%08d", i))
                .toList();
    }

    private void roster(int nodes, int dropped, String what) {
        Virtual time = new Virtual();
        Traffic traffic = new Traffic();
        RosterModel model = new RosterModel(nodes, time, traffic, new Random(nodes));
        model.membershipDrops(dropped);
        measure(time, traffic, nodes, what);
    }

    private void shares(int nodes, Vertx vertx, Settings settings) throws Exception {
        Virtual time = new Virtual();
        Traffic traffic = new Traffic();
        ShareModel model = new ShareModel(names(nodes), vertx, settings.directory(), time, traffic, new Random(nodes));
        measure(time, traffic, nodes, "shares");
        if (model.size() != nodes) {
            throw new IllegalStateException("nodes are missing");
        }
    }

    private void links(int nodes) {
        Virtual time = new Virtual();
        Traffic traffic = new Traffic();
        LinkModel model = new LinkModel(names(nodes), time, traffic);
        model.attach(SUBSCRIBERS, SESSIONS, new Random(nodes));
        double messages = measure(time, traffic, nodes, "links");
        double each = (double) model.links() / nodes;
        // a question and an answer every 2 s
        Report.row(links, nodes, model.links(), text(each), text(each), text(messages));
    }

    private double measure(Virtual time, Traffic traffic, int nodes, String what) {
        time.pass(WARM_UP_SECONDS * SECOND_NANOS);
        traffic.startOver();
        time.pass(SECONDS * SECOND_NANOS);
        double messages = (double) traffic.messages() / nodes / SECONDS;
        double bytes = (double) traffic.bytes() / nodes / SECONDS;
        Report.row(table, nodes, what, text(messages), text(bytes));
        plot.bar(nodes + " nodes: " + what, Stats.of(messages));
        return messages;
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
    }
}
