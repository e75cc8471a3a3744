package io.termbus.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.bridge.web.Scrapes.Scraped;
import io.termbus.metrics.Gauge;
import io.termbus.metrics.Labels;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many who scrape at once; time moves only when the test says so. */
@Timeout(60)
class MetricsScrapesTest {
    private static final long MILLI = 1_000_000;

    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<Promise<List<Gauge>>> answers = new ArrayList<>();
    private Vertx vertx;
    private MetricsScrapes scrapes;
    private long now = 1_000_000_000;

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
        scrapes = new MetricsScrapes(vertx, this::ask, metrics, () -> now);
    }

    @AfterEach
    void end() throws Exception {
        metrics.close();
        await(vertx.close());
    }

    private Future<List<Gauge>> ask() {
        asked.incrementAndGet();
        answers.add(Promise.promise());
        return answers.get(answers.size() - 1).future();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** On the event loop that scrapes are on. */
    private <T> T onLoop(Callable<T> task) throws Exception {
        return await(Future.<T>future(done -> vertx.runOnContext(v -> {
            try {
                done.complete(task.call());
            } catch (Exception e) {
                done.fail(e);
            }
        })));
    }

    private void answer(int number, long value) throws Exception {
        onLoop(() -> answers.get(number).tryComplete(List.of(new Gauge("it", "It.", Labels.NONE, List.of(value)))));
    }

    private List<Future<Scraped>> scrapes(int count) throws Exception {
        return onLoop(() ->
                IntStream.range(0, count).mapToObj(i -> scrapes.scrape(false)).toList());
    }

    @Test
    void aHundredAtOnceShareOneText() throws Exception {
        List<Future<Scraped>> all = scrapes(100);
        assertThat(asked).hasValue(1);
        assertThat(all).noneMatch(Future::isComplete);
        answer(0, 1);

        for (Future<Scraped> each : all) {
            assertThat(await(each)).isSameAs(await(all.get(0)));
        }
        assertThat(await(all.get(0)).text().toString()).contains("\nit 1.0\n");
        assertThat(asked).hasValue(1);
    }

    @Test
    void inTheSameTenthOfASecondTheTextIsTheSame() throws Exception {
        Future<Scraped> first = scrapes(1).get(0);
        answer(0, 1);
        await(first);
        now += 99 * MILLI;
        assertThat(await(scrapes(1).get(0))).isSameAs(await(first));

        now += MILLI;
        Future<Scraped> next = scrapes(1).get(0);
        answer(1, 7);
        assertThat(await(next).text().toString()).contains("\nit 7.0\n");
        assertThat(asked).hasValue(2);
    }

    @Test
    void whatFailsIsAskedForAnew() throws Exception {
        Future<Scraped> first = scrapes(1).get(0);
        onLoop(() -> answers.get(0).tryFail("an event loop is busy"));
        assertThat(first.transform(done -> Future.succeededFuture(done.failed()))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .isTrue();

        Future<Scraped> next = scrapes(1).get(0);
        answer(1, 3);
        assertThat(await(next).text().toString()).contains("\nit 3.0\n");
    }
}
