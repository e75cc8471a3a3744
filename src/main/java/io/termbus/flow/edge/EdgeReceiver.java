package io.termbus.flow.edge;

import io.termbus.flow.output.SessionFlow;
import io.termbus.protocol.FlowMessage;
import io.termbus.protocol.LinkMessage;
import io.termbus.protocol.LinkMessage.FromOwner;

/**
 * Receives what the owner of a session sends on one link and hands it to the flow of the edge, in order. A gap in the
 * numbers makes the link lost. On
 * the event loop of its {@link EdgeLink}.
 */
final class EdgeReceiver {
    private final EdgeLink link;
    private final SessionFlow flow;
    private final EdgeAcks acks;
    private long number;

    EdgeReceiver(EdgeLink link, SessionFlow flow, EdgeAcks acks) {
        this.link = link;
        this.flow = flow;
        this.acks = acks;
    }

    /** Number of the newest message of the owner on this link; 0: none has come. */
    long number() {
        return number;
    }

    /** A new link begins. */
    void startOver() {
        number = 0;
    }

    void received(FromOwner message) {
        if (message.number() != number + 1) {
            link.lose("a message is missing");
            return;
        }
        number = message.number();
        if (message instanceof LinkMessage.Output output) {
            output(output);
        } else if (message instanceof LinkMessage.Restarted restarted) {
            flow.restartAt(restarted.offset());
        } else if (message instanceof LinkMessage.Resized resized) {
            flow.resized(resized.cols(), resized.rows());
        } else if (message instanceof LinkMessage.Told told) {
            flow.told(told.kind(), told.offset(), told.body());
        } else if (message instanceof LinkMessage.Cleared) {
            flow.cleared();
        } else if (message instanceof LinkMessage.Interrupted interrupted) {
            flow.interrupted(interrupted.connection());
        } else if (message instanceof LinkMessage.Typed typed) {
            flow.typed(typed.connection());
        } else if (message instanceof LinkMessage.Exited exited) {
            flow.exited(exited.code(), exited.signal());
        } else if (message instanceof LinkMessage.Removed) {
            link.ended();
        } else if (message instanceof LinkMessage.Closed closed) {
            link.closedByOwner(closed.shutdown());
        }
    }

    private void output(LinkMessage.Output output) {
        int length = output.payload().length();
        if (output.offset() - length != flow.end()) {
            link.lose("output does not follow");
            return;
        }
        acks.came(length);
        flow.output(new FlowMessage.Output(link.session(), output.payload(), output.offset()));
    }
}
