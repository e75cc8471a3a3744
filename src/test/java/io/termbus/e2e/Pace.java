package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.e2e.Nodes.Node;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How long clients of two healthy nodes wait for what healthy nodes do, while all is well and while a third node is lost;
 * and how long for the refusal of what concerns that one.
 */
final class Pace {
    static final String OF_THE_LOST = "refusal";
    private static final long ROUND_MILLIS = 250;
    /** Of what healthy nodes do: a single pause of a machine that is busy takes as long. */
    private static final double LEAST_LIMIT_MILLIS = 1_000;

    private static final int UNAVAILABLE = 503;

    private final List<Node> healthy;
    private final List<String> sessions;
    /** By operation. */
    private final Map<String, Queue<Double>> usual = new TreeMap<>();

    private final Map<String, Queue<Double>> impaired = new TreeMap<>();

    /**
     * @param healthy two nodes
     * @param sessions one of each of them, and then one of the node that will be lost
     */
    Pace(List<Node> healthy, List<String> sessions) {
        this.healthy = healthy;
        this.sessions = sessions;
        for (String operation : List.of("create", "list", "attach", "input", OF_THE_LOST)) {
            usual.put(operation, new ConcurrentLinkedQueue<>());
            impaired.put(operation, new ConcurrentLinkedQueue<>());
        }
    }

    /** Works at both nodes until {@code over} returns, which must not take more than some minutes. */
    void measure(boolean lost, Callable<Void> over) throws Exception {
        Map<String, Queue<Double>> times = lost ? impaired : usual;
        ExecutorService clients = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> working = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Node node = healthy.get(i);
                String other = sessions.get(1 - i);
                working.add(clients.submit(() -> repeat(node, client -> work(client, other, times))));
            }
            if (lost) {
                working.add(clients.submit(() -> repeat(healthy.get(0), client -> ask(client, times))));
            }
            over.call();
            clients.shutdownNow();
            for (Future<?> each : working) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private interface Round {
        void run(TcpClient client) throws Exception;
    }

    private static Void repeat(Node node, Round round) throws Exception {
        try (TcpClient client = TcpClient.connect(node.hub())) {
            while (true) {
                round.run(client);
                TimeUnit.MILLISECONDS.sleep(ROUND_MILLIS);
            }
        } catch (InterruptedException end) {
            return null;
        }
    }

    private static void work(TcpClient client, String session, Map<String, Queue<Double>> times) throws Exception {
        time(times, "create", () -> client.request(Client.HUB, "create", program()));
        time(times, "list", () -> client.request(Client.HUB, "list", new JsonObject()));
        JsonObject wanted = new JsonObject().put("session", session);
        JsonObject attached = time(times, "attach", () -> client.request(Client.FLOW, "attach", wanted));
        String subscriber = attached.getString("subscriber");
        client.tell(Client.FLOW, "detach", new JsonObject().put("subscriber", subscriber));
        time(times, "input", () -> client.request(Client.session(session), "input", line()));
    }

    private static JsonObject program() {
        return new JsonObject().put("command", List.of("true"));
    }

    private static JsonObject line() {
        return new JsonObject().put("data", "x\n");
    }

    private static <T> T time(Map<String, Queue<Double>> times, String operation, Callable<T> call) throws Exception {
        long begin = System.nanoTime();
        T answer = call.call();
        times.get(operation).add(millisSince(begin));
        return answer;
    }

    private void ask(TcpClient client, Map<String, Queue<Double>> times) throws Exception {
        long begin = System.nanoTime();
        try {
            client.request(Client.session(sessions.get(2)), "input", line());
        } catch (Client.Refused refused) {
            assertThat(refused.code()).isEqualTo(UNAVAILABLE);
            times.get(OF_THE_LOST).add(millisSince(begin));
        }
    }

    private static double millisSince(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    /** @return {@code operation,phase,count,p50,p99,most}, times in ms */
    List<String> lines() {
        return usual.keySet().stream()
                .flatMap(operation -> Stream.of(
                        line(operation, "usual", usual.get(operation)),
                        line(operation, "lost", impaired.get(operation))))
                .toList();
    }

    private static String line(String operation, String phase, Queue<Double> times) {
        return String.format(
                Locale.ROOT,
                "%s,%s,%d,%.1f,%.1f,%.1f",
                operation,
                phase,
                times.size(),
                percentile(times, 50),
                percentile(times, 99),
                percentile(times, 100));
    }

    private static double percentile(Queue<Double> times, int percent) {
        List<Double> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        int rank = (int) Math.ceil(sorted.size() * percent / 100.0);
        return sorted.isEmpty() ? Double.NaN : sorted.get(Math.max(0, rank - 1));
    }

    /** The healthy go on at twice their usual pace at least. */
    void assertHeldUpByNobody() {
        for (String operation : List.of("create", "list", "attach", "input")) {
            double limit = Math.max(LEAST_LIMIT_MILLIS, 2 * percentile(usual.get(operation), 99));
            assertThat(percentile(impaired.get(operation), 99)).as(operation).isLessThan(limit);
        }
        assertThat(percentile(impaired.get(OF_THE_LOST), 50)).isLessThan(2_000);
    }
}
