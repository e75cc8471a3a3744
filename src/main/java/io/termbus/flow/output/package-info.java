/**
 * The output of one session and its readers, which are subscribers and other nodes: backlog, windows, zones, credit. Decides
 * without Vert.x; {@code Outlet} is the port to the bus. Owner thread: the event loop of the flow-control instance. May use
 * protocol, config and metrics.
 */
@NullMarked
package io.termbus.flow.output;

import org.jspecify.annotations.NullMarked;
