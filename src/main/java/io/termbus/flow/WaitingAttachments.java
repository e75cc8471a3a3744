package io.termbus.flow;

import io.termbus.flow.output.Attachment;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.HubException;
import java.util.HashMap;
import java.util.Map;

/**
 * Attachments that wait for an answer of another node. They must not go on once their connection has closed, which is told
 * only once: nobody would ever end them. On the event loop of the flow-control instance.
 */
final class WaitingAttachments {
    /** Subscriber to its connection. */
    private final Map<String, String> connections = new HashMap<>();

    void begin(Attachment attachment) {
        connections.put(attachment.subscriber(), attachment.connection());
    }

    /** @throws HubException where the connection has closed meanwhile */
    void proceed(Attachment attachment) {
        if (connections.remove(attachment.subscriber()) == null) {
            throw new HubException(ErrorCode.UNAVAILABLE, "the connection has closed");
        }
    }

    void failed(Attachment attachment) {
        connections.remove(attachment.subscriber());
    }

    void connectionClosed(String connection) {
        connections.values().removeIf(connection::equals);
    }
}
