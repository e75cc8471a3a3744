package io.termbus.bench;

import io.termbus.auth.ShareModel;
import io.termbus.cluster.RequestModel;
import io.termbus.cluster.RosterModel;
import io.termbus.flow.edge.LinkModel;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What clusters of many nodes send, when nothing happens and for requests of clients: the classes that decide it, of all
 * nodes, in one virtual time. One run is enough, as it comes out the same each time.
 */
final class Scale {
    private static final List<Integer> NODES = List.of(10, 100, 1_000);
    private static final int SUBSCRIBERS = 100_000;
    private static final int SESSIONS = 2_000;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int SECONDS = 60;
    private static final int WARM_UP_SECONDS = 20;
    private static final int CREATES_A_SECOND = 1;
    /** Each subscriber lists once an hour. */
    private static final int LISTS_A_SECOND = SUBSCRIBERS / 3_600;

    private static final int CREATES = 500;
    /** Nodes whose clients list, more often than those of all would: each as often for what changes as in a whole cluster. */
    private static final int LISTING_NODES = 20;

    private static final int LISTS_EACH = 5;
    private static final int ALL = 100_000;
    private static final int PAGE = 100;

    private final StringBuilder table =
            Report.table("nodes", "what", "messages a node and second", "bytes a node and second");
    private final Plot plot = new Plot("messages a node and second, in virtual time");
    private final StringBuilder links =
            Report.table("nodes", "links", "a node", "messages, one question a link", "messages, one a pair of nodes");
    private final StringBuilder lists = Report.table(
            "nodes",
            "messages of a `create`",
            "messages of a `list`",
            "its bytes between nodes",
            "the same, a node's first",
            "bytes to the client",
            "a page of " + PAGE);

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
                requests(nodes);
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
        return new StringBuilder()
                .append(SUBSCRIBERS + " subscribers of " + SESSIONS + " idle sessions, all at random nodes.\n\n")
                .append(table)
                .append('\n')
                .append(links)
                .append('\n')
                .append(lists)
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

    private void requests(int nodes) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Traffic traffic = new Traffic();
            RequestModel model = new RequestModel(names(nodes), SESSIONS, vertx, traffic, new Random(nodes));
            Rate create = creates(model, traffic);
            row(nodes, "`create`, one a second", create.of(CREATES_A_SECOND, nodes));
            Rate first = firstLists(model, traffic, Math.min(nodes, LISTING_NODES));
            int answer = model.list(0, ALL);
            Rate list = lists(model, traffic, nodes);
            row(nodes, "`list`, " + LISTS_A_SECOND + " a second", list.of(LISTS_A_SECOND, nodes));
            Report.row(
                    lists,
                    nodes,
                    text(create.messages()),
                    text(list.messages()),
                    text(list.bytes()),
                    text(first.bytes()),
                    text(answer),
                    text(model.list(0, PAGE)));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    private static Rate creates(RequestModel model, Traffic traffic) throws Exception {
        for (int i = 0; i < CREATES; i++) {
            model.create();
        }
        return new Rate(traffic, CREATES);
    }

    private static Rate firstLists(RequestModel model, Traffic traffic, int nodes) throws Exception {
        traffic.startOver();
        for (int node = 0; node < nodes; node++) {
            model.list(node, ALL);
        }
        return new Rate(traffic, nodes);
    }

    private static Rate lists(RequestModel model, Traffic traffic, int nodes) throws Exception {
        int listing = Math.min(nodes, LISTING_NODES);
        double createsBetween = (double) CREATES_A_SECOND * nodes / LISTS_A_SECOND / listing;
        double due = 0;
        Traffic all = new Traffic();
        for (int i = 0; i < LISTS_EACH * listing; i++) {
            model.putOut();
            for (due += createsBetween; due >= 1; due--) {
                model.create();
            }
            traffic.startOver();
            model.list(i % listing, ALL);
            all.add(traffic);
        }
        Rate list = new Rate(all, LISTS_EACH * listing);
        if (list.messages() != 2.0 * (nodes - 1)) {
            throw new IllegalStateException("answers are missing");
        }
        return list;
    }

    private record Rate(double messages, double bytes) {
        Rate(Traffic traffic, int requests) {
            this((double) traffic.messages() / requests, (double) traffic.bytes() / requests);
        }

        /** With so many requests. */
        Rate of(int requests, int nodes) {
            return new Rate(messages * requests / nodes, bytes * requests / nodes);
        }
    }

    private double measure(Virtual time, Traffic traffic, int nodes, String what) {
        time.pass(WARM_UP_SECONDS * SECOND_NANOS);
        traffic.startOver();
        time.pass(SECONDS * SECOND_NANOS);
        Rate rate = new Rate(traffic, nodes * SECONDS);
        row(nodes, what, rate);
        return rate.messages();
    }

    /** @param rate of a node, in a second */
    private void row(int nodes, String what, Rate rate) {
        Report.row(table, nodes, what, text(rate.messages()), text(rate.bytes()));
        plot.bar(nodes + " nodes: " + what.replace("`", ""), Stats.of(rate.messages()));
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
    }
}
