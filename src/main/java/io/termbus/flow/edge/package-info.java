/**
 * This node as the edge of other nodes' sessions: one link to the owner of each that somebody here watches, which feeds a
 * {@code SessionFlow}. Owner thread: the event loop of the flow-control instance. May use {@code flow.output} and protocol.
 */
@NullMarked
package io.termbus.flow.edge;

import org.jspecify.annotations.NullMarked;
