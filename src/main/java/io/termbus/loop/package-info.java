/**
 * Which event loop is home to what: a session, its flow control and, where it can be, the connection that made
 * it share one. Any thread may call. Uses nothing of the hub.
 */
@NullMarked
package io.termbus.loop;

import org.jspecify.annotations.NullMarked;
