package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the recordings of many floods cost who types beside them: the same floods, recorded and not, in turns. */
final class RecordingsCost {
    private static final int FLOODS = 100;
    private static final int SETTLE_MS = 2000;
    private static final int KEYS = 1000;

    private RecordingsCost() {}

    static StringBuilder run(Settings settings) throws Exception {
        Stats without = new Stats();
        Stats with = new Stats();
        Stats ratio = new Stats();
        String strangers;
        try (HubProcess hub = HubProcess.start(
                settings,
                "session.max=128",
                "session.exitedRetentionSeconds=1",
                "record.mode=output",
                "record.maxBytes=2147483648")) {
            Latency.echo(hub, Transport.TCP, Latency.WARM_UP_KEYS, false);
            QuietRuns quiet = new QuietRuns(hub);
            for (int round = 0; round < settings.rounds(); round++) {
                boolean recordedFirst = round % 2 == 0;
                double first = quiet.run(() -> p99(hub, recordedFirst)).result();
                double second = quiet.run(() -> p99(hub, !recordedFirst)).result();
                with.add(recordedFirst ? first : second);
                without.add(recordedFirst ? second : first);
                ratio.add(recordedFirst ? first / second : second / first);
            }
            strangers = quiet.text();
        }
        StringBuilder table = Report.table("floods", "echo p99 ms", "of that without");
        Report.row(table, FLOODS + ", not recorded", without.text(2), "1.00");
        Report.row(table, FLOODS + ", recorded", with.text(2), ratio.text(3));
        return table.append(String.format(Locale.ROOT, "%nA key after the other, %,d of them.%n", KEYS))
                .append('\n')
                .append(strangers);
    }

    private static double p99(HubProcess hub, boolean recorded) throws Exception {
        List<String> floods = new ArrayList<>();
        try (BusClient control = BusClient.tcp(hub)) {
            for (int i = 0; i < FLOODS; i++) {
                String flood = control.create(Latency.FLOOD);
                floods.add(flood);
                if (recorded) {
                    control.ask(flood, "record", new JsonObject());
                }
            }
            Thread.sleep(SETTLE_MS);
            Stats ms = Latency.echo(hub, Transport.TCP, KEYS, false);
            Latency.end(control, floods, List.of(), new AtomicBoolean());
            return ms.percentile(99);
        }
    }
}
