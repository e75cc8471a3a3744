package io.termbus.flow.output;

import io.termbus.config.FlowConfig;
import io.termbus.protocol.Delivery;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes subscribers' zones anew and tells each change once, through the {@link WarningGate}. */
final class ZoneWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ZoneWatch.class);

    private final FlowConfig limits;
    private final Outlet outlet;

    ZoneWatch(FlowConfig limits, Outlet outlet) {
        this.limits = limits;
        this.outlet = outlet;
    }

    /** Takes the zone anew; true where the subscriber has just entered red. */
    boolean update(Subscriber subscriber) {
        UnackedWindow unacked = subscriber.unacked();
        Zone now = Zone.of(unacked.count(), unacked.bytes(), limits);
        if (now == subscriber.zone()) {
            return false;
        }
        subscriber.enters(now);
        outlet.meters().entered(now);
        warn(subscriber);
        return now == Zone.RED;
    }

    private void warn(Subscriber subscriber) {
        if (subscriber.warning.isSet()) {
            return;
        }
        long wait = subscriber.warnings().waitNanos(outlet.nanoTime());
        if (wait == 0) {
            tell(subscriber);
        } else {
            subscriber.warning.set(outlet.nanoTime() + wait, () -> tell(subscriber));
        }
    }

    private void tell(Subscriber subscriber) {
        Zone previous = subscriber.warnings().told();
        if (subscriber.isGone() || previous == subscriber.zone()) {
            return;
        }
        subscriber.warnings().tell(subscriber.zone(), outlet.nanoTime());
        log(subscriber, previous);
        JsonObject warning = new JsonObject()
                .put("session", subscriber.attachment().session())
                .put("subscriber", subscriber.id())
                .put("level", subscriber.zone().toString())
                .put("previous", previous.toString())
                .put("queueSize", subscriber.unacked().count())
                .put("queueBytes", subscriber.unacked().bytes());
        String session = subscriber.attachment().session();
        if (subscriber.isListening()) {
            outlet.deliver(subscriber.id(), new Delivery.Notice(Delivery.Kind.WARNING, session, warning));
        }
        outlet.warn(warning.copy());
    }

    private static void log(Subscriber subscriber, Zone previous) {
        String text = "zone {} after {}: subscriber {} of session {}, {} unacked deliveries, {} bytes";
        Object[] facts = {
            subscriber.zone(),
            previous,
            subscriber.id(),
            subscriber.attachment().session(),
            subscriber.unacked().count(),
            subscriber.unacked().bytes()
        };
        if (subscriber.zone().worseThan(previous)) {
            LOG.warn(text, facts);
        } else {
            LOG.info(text, facts);
        }
    }
}
