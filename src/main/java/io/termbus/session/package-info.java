/**
 * One {@link io.termbus.session.SessionVerticle} per session, and the hub address that creates and lists
 * them. Owner thread: the event loop of each verticle. May use protocol, config, pty and vt.
 */
@NullMarked
package io.termbus.session;

import org.jspecify.annotations.NullMarked;
