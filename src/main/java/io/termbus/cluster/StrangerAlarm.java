package io.termbus.cluster;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says so again and again while members with another admin token are there. */
final class StrangerAlarm extends VerticleBase {
    static final Duration EVERY = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(StrangerAlarm.class);

    private final Supplier<List<String>> strangers;
    private final Duration every;

    /** @param strangers their names */
    StrangerAlarm(Supplier<List<String>> strangers, Duration every) {
        this.strangers = strangers;
        this.every = every;
    }

    @Override
    public Future<?> start() {
        say();
        vertx.setPeriodic(every.toMillis(), timer -> say());
        return Future.succeededFuture();
    }

    private void say() {
        List<String> names = strangers.get();
        if (!names.isEmpty()) {
            LOG.error(
                    "members of this cluster have another admin token than this node: {}. Nothing passes between them and "
                            + "it. Stop them, or start them anew with the same auth.token",
                    String.join(", ", names));
        }
    }
}
