/**
 * Flow control: the verticle that wires what decides ({@code flow.output}) and the links to other nodes' sessions
 * ({@code flow.edge}) to the event bus. May use protocol, config and metrics.
 */
@NullMarked
package io.termbus.flow;

import org.jspecify.annotations.NullMarked;
