/**
 * Who may do what: the admin token, compared in constant time. Owner thread: none, immutable.
 * May use {@code config}.
 */
@NullMarked
package io.termbus.auth;

import org.jspecify.annotations.NullMarked;
