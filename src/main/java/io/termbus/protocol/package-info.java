/**
 * The contract as code: addresses, header names, error codes, field checks and the messages that
 * cross verticles. Owner thread: none, all values are immutable. May use no other package of the hub.
 */
@NullMarked
package io.termbus.protocol;

import org.jspecify.annotations.NullMarked;
