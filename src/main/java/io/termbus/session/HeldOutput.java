package io.termbus.session;

import static io.termbus.protocol.HubBus.LOCAL;

import io.termbus.protocol.Fields;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.SessionMessage;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.Optional;

/** What a session has put out lately, as flow control keeps it for its subscribers. On the session's event loop. */
final class HeldOutput {
    /** What is read at once at most, the newest; larger only where {@code flow.backlogBytes} is. */
    static final int MAX_BYTES = 4 << 20;

    private final EventBus bus;
    private final String flowAddress;
    private final String session;

    HeldOutput(EventBus bus, String flowAddress, String session) {
        this.bus = bus;
        this.flowAddress = flowAddress;
        this.session = session;
    }

    /** The field {@code since}: an offset in the output there is. */
    static Optional<Long> since(Fields fields, long outputBytes) {
        Optional<Long> since = fields.number("since", 0, Long.MAX_VALUE);
        since.filter(offset -> offset > outputBytes).ifPresent(offset -> {
            throw Fields.bad("since", "must be 0.." + outputBytes + ", the output so far", offset);
        });
        return since;
    }

    /** All of it, with what else flow control keeps over a change of the hub's program. */
    Future<SessionMessage.Kept> kept() {
        return bus.<SessionMessage.Kept>request(flowAddress, new FlowMessage.KeepWanted(session), LOCAL)
                .map(Message::body);
    }

    /** What is held of the output between the two offsets. */
    Future<SessionMessage.Held> between(long from, long to) {
        long begin = Math.max(from, to - MAX_BYTES);
        return bus.<SessionMessage.Held>request(flowAddress, new FlowMessage.HeldWanted(session, begin, to), LOCAL)
                .map(Message::body);
    }
}
