/**
 * One protocol state machine for a client connection, whatever its transport.
 * Owner thread: the event loop of the connection. May use protocol and config.
 */
@NullMarked
package io.termbus.bridge;

import org.jspecify.annotations.NullMarked;
