/**
 * Who may do what: the admin token, compared in constant time, signed tokens that are shared, and the private
 * directory they are kept in.
 * Owner thread: of the shares the event loop of their verticle, else none. May use config and protocol.
 */
@NullMarked
package io.termbus.auth;

import org.jspecify.annotations.NullMarked;
