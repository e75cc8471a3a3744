/**
 * Who may do what: the admin token, compared in constant time, and the private directory it is kept in.
 * Owner thread: none, immutable; files are read before there are event loops. May use {@code config}.
 */
@NullMarked
package io.termbus.auth;

import org.jspecify.annotations.NullMarked;
