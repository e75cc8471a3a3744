/**
 * Length-framed JSON over TCP and Unix sockets. Owner thread: the event loop of the connection.
 * May use bridge, audit, protocol and config.
 */
@NullMarked
package io.termbus.bridge.tcp;

import org.jspecify.annotations.NullMarked;
