/**
 * Flow control: zones, backlog, subscribers (plain classes that decide) and the verticle that wires them.
 * Owner thread: the event loop of the verticle instance that owns the session. May use protocol and config.
 */
@NullMarked
package io.termbus.flow;

import org.jspecify.annotations.NullMarked;
